"""Softmin: the softmax of the opposite scores, the smallest gets the largest share."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients
from layers.softmax import Softmax


class Softmin(Softmax):
    """Shares of the costs along one axis.

    Equation:  x_out = softmax(-x_in)
               g_in = -(the gradient of softmax)
    Shapes:    x_in, x_out (...), the same; the shares along `axis` add up to 1
    Raises:    ShapeError if x_in has no such axis, or g_out is not shaped like x_out
    Source:    the softmax, with scores for costs

    >>> import numpy as np
    >>> layer = Softmin()
    >>> layer.forward([0.0, -np.log(3.0)])
    array([0.25, 0.75])
    >>> layer.backward([0.0, 4.0])[0]
    array([ 0.75, -0.75])
    """

    def forward(self, x_in: Any) -> Array:
        return super().forward(-self.receive(x_in))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_in, param_grads = super().backward(g_out)
        return -g_in, param_grads
