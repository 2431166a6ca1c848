"""Mish: each number times the tanh of its softplus."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise
from layers.pointwise.sigmoid import sigmoid
from layers.pointwise.softplus import softplus


class Mish(Pointwise):
    """A gate that each element opens for itself, a little wider than SiLU.

    Equation:  x_out = x_in t, with t = tanh(softplus(x_in))
               g_in = g_out * (t + x_in (1 - t^2) sigmoid(x_in))
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Misra 2019

    >>> layer = Mish()
    >>> layer.forward([0.0, np.log(2.0)]).round(4)     # log 2 * tanh(log 3) = log 2 * 0.8
    array([0.    , 0.5545])
    >>> layer.backward([10.0, 1.0])[0].round(4)        # 10 * tanh(log 2) = 10 * 0.6; 0.8 + log 2 * 0.36 * 2/3
    array([6.    , 0.9664])
    """

    def h(self, x_in: Array) -> Array:
        return x_in * np.tanh(softplus(x_in))

    def dh(self, x_in: Array) -> Array:
        t = np.tanh(softplus(x_in))
        return t + x_in * (1.0 - t * t) * sigmoid(x_in)
