"""The negation gate."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Negate(Layer):
    """The opposite of each element.

    Equation:  x_out = -x_in
               g_in = -g_out
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the gate a x with a = -1

    >>> gate = Negate()
    >>> gate.forward([1.0, -2.0])
    array([-1.,  2.])
    >>> gate.backward([3.0, 4.0])[0]
    array([-3., -4.])
    """

    def forward(self, x_in: Any) -> Array:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> Array:
        return -x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return -g_out, {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Negate, Array]:
        """The gate and an input."""
        return cls(), generator(rng).normal(size=(5, 4))
