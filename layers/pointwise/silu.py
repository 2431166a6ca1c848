"""SiLU, also called swish: each number times its own sigmoid."""

from __future__ import annotations

from layers.base import Array
from layers.pointwise.base import Pointwise
from layers.pointwise.sigmoid import sigmoid


class SiLU(Pointwise):
    """A gate that each element opens for itself.

    Equation:  x_out = x_in s, with s = sigmoid(x_in)
               g_in = g_out * (s + x_in s (1 - s))     (the product rule)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Hendrycks and Gimpel 2016; Ramachandran et al. 2017

    >>> import numpy as np
    >>> layer = SiLU()
    >>> layer.forward([0.0, np.log(3.0)]).round(4)     # log 3 * 3/4
    array([0.   , 0.824])
    >>> layer.backward([10.0, 16.0])[0].round(4)       # 10 * 1/2, 16 * (3/4 + log 3 * 3/16)
    array([ 5.    , 15.2958])
    """

    def h(self, x_in: Array) -> Array:
        return x_in * sigmoid(x_in)

    def dh(self, x_in: Array) -> Array:
        s = sigmoid(x_in)
        return s + x_in * s * (1.0 - s)
