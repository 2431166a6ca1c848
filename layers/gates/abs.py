"""The absolute value gate."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Abs(Pointwise):
    """Each element without its sign.

    Equation:  x_out = |x_in|
               g_in = g_out * sign(x_in), with slope 0 at x_in = 0
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, a pointwise layer; L1Loss is made of it

    >>> gate = Abs()
    >>> gate.forward([3.0, -1.0, 0.0])
    array([3., 1., 0.])
    >>> gate.backward([2.0, 5.0, 7.0])[0]
    array([ 2., -5.,  0.])
    """

    kinks = (0.0,)

    def h(self, x_in: Array) -> Array:
        return np.abs(x_in)

    def dh(self, x_in: Array) -> Array:
        return np.sign(x_in)

    def __repr__(self) -> str:
        return "Abs(slope at 0: 0)"
