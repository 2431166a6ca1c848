"""The gate that multiplies by a constant, the notes' a x."""

from __future__ import annotations

from typing import Any

from layers.arguments import number
from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Scale(Layer):
    """Each element times a constant, which is no input and no parameter: it gets no gradient.

    Equation:  x_out = a x_in
               g_in = a g_out
    Shapes:    x_in, x_out (...), the same; a is one number
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the gate a x

    >>> gate = Scale(-2.0)
    >>> gate.forward([1.0, 3.0])
    array([-2., -6.])
    >>> gate.backward([10.0, 1.0])[0]
    array([-20.,  -2.])
    """

    def __init__(self, a: float) -> None:
        self.a = number("Scale", "a", a)

    def forward(self, x_in: Any) -> Array:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> Array:
        return self.a * x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return self.a * g_out, {}

    def __repr__(self) -> str:
        return f"Scale({self.a:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Scale, Array]:
        """A gate and an input."""
        return cls(-1.5), generator(rng).normal(size=(5, 4))
