"""The gate that adds a constant, the notes' c + x."""

from __future__ import annotations

from typing import Any

from layers.arguments import number
from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Shift(Layer):
    """Each element plus a constant, which gets no gradient.

    Equation:  x_out = x_in + c
               g_in = g_out
    Shapes:    x_in, x_out (...), the same; c is one number
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the gate c + x

    >>> gate = Shift(1.0)
    >>> gate.forward([0.5, 2.0])
    array([1.5, 3. ])
    >>> gate.backward([-0.25, 7.0])[0]
    array([-0.25,  7.  ])
    """

    def __init__(self, c: float) -> None:
        self.c = number("Shift", "c", c)

    def forward(self, x_in: Any) -> Array:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in + self.c

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.receive_gradient(g_out), {}

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out, {}

    def __repr__(self) -> str:
        return f"Shift({self.c:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Shift, Array]:
        """A gate and an input."""
        return cls(1.5), generator(rng).normal(size=(5, 4))
