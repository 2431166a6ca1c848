"""Tanhshrink: what tanh takes away."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Tanhshrink(Pointwise):
    """Each element less its hyperbolic tangent.

    Equation:  x_out = x_in - tanh(x_in)
               g_in = g_out * tanh(x_in)^2
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, with h(x) = x - tanh(x): h' = 1 - tanh' = tanh^2

    >>> layer = Tanhshrink()
    >>> layer.forward([0.0, np.log(3.0)]).round(4)     # log 3 - 0.8
    array([0.    , 0.2986])
    >>> layer.backward([5.0, 100.0])[0].round(12)      # 100 * 0.64
    array([ 0., 64.])
    """

    def h(self, x_in: Array) -> Array:
        return x_in - np.tanh(x_in)

    def dh(self, x_in: Array) -> Array:
        return np.tanh(x_in) ** 2
