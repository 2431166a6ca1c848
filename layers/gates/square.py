"""The square gate."""

from __future__ import annotations

from layers.base import Array
from layers.pointwise.base import Pointwise


class Square(Pointwise):
    """Each element times itself.

    Equation:  x_out = x_in^2
               g_in = 2 x_in g_out
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    slides, the squared norm: f(q) = sum of q_i^2 has gradient 2 q

    >>> gate = Square()
    >>> gate.forward([3.0, -1.0])
    array([9., 1.])
    >>> gate.backward([1.0, 10.0])[0]                  # 2 * 3 * 1, 2 * -1 * 10
    array([  6., -20.])
    """

    def h(self, x_in: Array) -> Array:
        return x_in * x_in

    def dh(self, x_in: Array) -> Array:
        return 2.0 * x_in
