"""Softmin: the softmax of the opposite scores, the smallest gets the largest share."""

from __future__ import annotations

from layers.base import Array, Gradients
from layers.softmax import Softmax


class Softmin(Softmax):
    """Shares of the costs along one axis.

    Equation:  x_out = softmax(-x_in)
               g_in = -p * (g_out - sum over k of g_out[k] p[k]), with p = x_out
    Shapes:    x_in, x_out (...), the same; the shares along `axis` add up to 1
    Raises:    ShapeError if x_in has no such axis, or g_out is not shaped like x_out
    Source:    Softmax, with costs in the place of scores

    >>> import numpy as np
    >>> layer = Softmin()
    >>> layer.forward([0.0, -np.log(3.0)])             # shares as 1 to 3
    array([0.25, 0.75])
    >>> layer.backward([0.0, 4.0])[0]                  # the mean of g_out is 3: -1/4 * (0 - 3), -3/4 * (4 - 3)
    array([ 0.75, -0.75])
    """

    def forward_unchecked(self, x_in: Array) -> Array:
        return super().forward_unchecked(-x_in)

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        g_in, param_grads = super().backward_unchecked(g_out)
        return -g_in, param_grads
