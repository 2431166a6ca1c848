"""The sine gate."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Sin(Pointwise):
    """Sine of each element, in radians.

    Equation:  x_out = sin(x_in)
               g_in = g_out * cos(x_in)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, a pointwise layer with h = sin

    >>> gate = Sin()
    >>> gate.forward([0.0])
    array([0.])
    >>> gate.backward([5.0])[0]                        # 5 * cos(0)
    array([5.])
    """

    def h(self, x_in: Array) -> Array:
        return np.sin(x_in)

    def dh(self, x_in: Array) -> Array:
        return np.cos(x_in)
