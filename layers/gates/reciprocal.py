"""The reciprocal gate, the notes' 1/x."""

from __future__ import annotations

from typing import Self

import numpy as np

from layers.base import Array
from layers.gates.domain import refuse
from layers.pointwise.base import PointwiseByOutput
from layers.rng import Seed, generator


class Reciprocal(PointwiseByOutput):
    """One over each element.

    Equation:  x_out = 1 / x_in
               g_in = -g_out / x_in^2 = -g_out * x_out^2
    Shapes:    x_in, x_out (...), the same; x_in not zero
    Raises:    DomainError (a ValueError) if an element of x_in is 0; ShapeError for a wrong g_out
    Source:    course notes, the sigmoid neuron gate by gate

    >>> gate = Reciprocal()
    >>> gate.forward([2.0])
    array([0.5])
    >>> gate.backward([8.0])[0]                        # -8 / 2^2
    array([-2.])
    """

    def h(self, x_in: Array) -> Array:
        refuse(self, x_in == 0, x_in, "other than zero")
        return 1.0 / x_in

    def dh(self, x_out: Array) -> Array:
        return -(x_out * x_out)

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """The gate and an input away from zero, of both signs."""
        x_in = generator(rng).normal(size=(5, 4))
        return cls(), x_in + 0.5 * np.sign(x_in)
