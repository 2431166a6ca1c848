"""The logarithm gate."""

from __future__ import annotations

from typing import Self

import numpy as np

from layers.base import Array
from layers.gates.domain import refuse
from layers.pointwise.base import Pointwise
from layers.rng import Seed, generator


class Log(Pointwise):
    """Natural logarithm of each element.

    Equation:  x_out = log(x_in)
               g_in = g_out / x_in
    Shapes:    x_in, x_out (...), the same; x_in positive
    Raises:    DomainError (a ValueError) if an element of x_in is not positive; ShapeError for a wrong g_out
    Source:    course notes, staged computation

    >>> gate = Log()
    >>> gate.forward([1.0])
    array([0.])
    >>> _ = gate.forward([4.0])
    >>> gate.backward([2.0])[0]                        # 2 / 4
    array([0.5])
    """

    def h(self, x_in: Array) -> Array:
        refuse(self, x_in <= 0, x_in, "positive")
        return np.log(x_in)

    def dh(self, x_in: Array) -> Array:
        return 1.0 / x_in

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """The gate and a positive input."""
        return cls(), generator(rng).uniform(0.5, 3.0, size=(5, 4))
