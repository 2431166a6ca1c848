"""The power gate: a constant exponent."""

from __future__ import annotations

from typing import Self

from layers.arguments import number
from layers.base import Array
from layers.gates.domain import refuse
from layers.pointwise.base import Pointwise
from layers.rng import Seed, generator


class Power(Pointwise):
    """Each element to the power p, a constant.

    Equation:  x_out = x_in^p
               g_in = g_out * p x_in^(p - 1)
    Shapes:    x_in, x_out (...), the same; p is one number
    Raises:    DomainError (a ValueError) where there is no real answer: x_in negative and p not whole, x_in zero and
               p negative, and in `backward` x_in zero and 0 < p < 1 (the slope is infinite)
    Source:    slides, the squares in the squared norm, for any exponent

    x_in^0 is 1, also at 0, and its slope is 0.

    >>> gate = Power(3)
    >>> gate.forward([2.0])
    array([8.])
    >>> gate.backward([10.0])[0]                       # 10 * 3 * 2^2
    array([120.])
    """

    def __init__(self, p: float) -> None:
        self.p = number("Power", "p", p)

    def h(self, x_in: Array) -> Array:
        if not self.p.is_integer():
            refuse(self, x_in < 0, x_in, "zero or positive")
        if self.p < 0:
            refuse(self, x_in == 0, x_in, "other than zero")
        return x_in**self.p

    def dh(self, x_in: Array) -> Array:
        if self.p == 0:
            return 0.0 * x_in
        if 0 < self.p < 1:
            refuse(self, x_in == 0, x_in, "positive for backward, the slope at 0 is infinite")
        return self.p * x_in ** (self.p - 1.0)

    def __repr__(self) -> str:
        return f"Power({self.p:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A gate and a positive input."""
        return cls(1.5), generator(rng).uniform(0.5, 3.0, size=(5, 4))
