"""The cosine gate."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Cos(Pointwise):
    """Cosine of each element, in radians.

    Equation:  x_out = cos(x_in)
               g_in = -g_out * sin(x_in)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, a pointwise layer with h = cos

    >>> gate = Cos()
    >>> gate.forward([0.0])
    array([1.])
    >>> _ = gate.forward([np.pi / 2])
    >>> gate.backward([5.0])[0]                        # -5 * sin(pi / 2)
    array([-5.])
    """

    def h(self, x_in: Array) -> Array:
        return np.cos(x_in)

    def dh(self, x_in: Array) -> Array:
        return -np.sin(x_in)
