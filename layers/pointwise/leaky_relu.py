"""The leaky rectifier: negative values pass too, but weakly, so that no gradient is ever quite lost."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class LeakyReLU(Pointwise):
    """Positive part of each element, and a little of its negative part.

    Equation:  x_out = x_in where x_in > 0, else slope * x_in
               g_in = g_out where x_in > 0, else slope * g_out     (at 0: slope)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Maas et al. 2013; chapter 14.6.2

    >>> layer = LeakyReLU(0.1)
    >>> layer.forward([2.0, -3.0, 0.0])
    array([ 2. , -0.3,  0. ])
    >>> layer.backward([10.0, 10.0, 10.0])[0]
    array([10.,  1.,  1.])
    """

    kinks = (0.0,)

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = number("LeakyReLU", "slope", slope)

    def h(self, x_in: Array) -> Array:
        return np.where(x_in > 0, x_in, self.slope * x_in)

    def dh(self, x_in: Array) -> Array:
        one = x_in.dtype.type(1.0)
        return np.where(x_in > 0, one, self.slope * one)

    def __repr__(self) -> str:
        return f"LeakyReLU(slope={self.slope:g}, slope at 0: {self.slope:g})"
