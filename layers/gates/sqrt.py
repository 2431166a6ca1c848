"""The square root gate."""

from __future__ import annotations

from typing import Self

import numpy as np

from layers.base import Array
from layers.gates.domain import refuse
from layers.pointwise.base import PointwiseByOutput
from layers.rng import Seed, generator


class Sqrt(PointwiseByOutput):
    """Square root of each element.

    Equation:  x_out = sqrt(x_in)
               g_in = g_out / (2 x_out)
    Shapes:    x_in, x_out (...), the same; x_in not negative
    Raises:    DomainError (a ValueError) if an element of x_in is negative, and in `backward` if one was 0, where the
               slope is infinite (Shift(1e-12) before the gate keeps it finite); ShapeError for a wrong g_out
    Source:    chapter 14.6.2, a pointwise layer; it undoes the square gate

    >>> gate = Sqrt()
    >>> gate.forward([9.0])
    array([3.])
    >>> gate.backward([12.0])[0]                       # 12 / (2 * 3)
    array([2.])
    """

    def h(self, x_in: Array) -> Array:
        refuse(self, x_in < 0, x_in, "zero or positive")
        return np.sqrt(x_in)

    def dh(self, x_out: Array) -> Array:
        refuse(self, x_out == 0, x_out, "positive for backward, the slope at 0 is infinite")
        return 0.5 / x_out

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """The gate and a positive input."""
        return cls(), generator(rng).uniform(0.5, 3.0, size=(5, 4))
