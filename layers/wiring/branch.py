"""Branch: one value goes several ways, and on the way back the gradients of all the ways add up."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Branch(Layer):
    """The same value on n wires.

    Equation:  x_out = (x_in, ..., x_in)
               g_in = g_out^1 + ... + g_out^n
    Shapes:    x_in (...), x_out a tuple of n arrays of that shape
    Raises:    ShapeError if g_out is not a tuple of n arrays shaped like x_in
    Source:    chapter 14.7, equations 14.38 and 14.42 to 14.46; the slides' copy gate, "gradient adder"

    >>> layer = Branch(2)
    >>> layer.forward([1.0, 2.0])
    (array([1., 2.]), array([1., 2.]))
    >>> layer.backward(([3.0, 4.0], [10.0, 20.0]))[0]  # 3 + 10, 4 + 20
    array([13., 24.])
    """

    def __init__(self, n: int = 2) -> None:
        self.n = whole("Branch", "n", n, least=1)

    def forward(self, x_in: Any) -> tuple[Array, ...]:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> tuple[Array, ...]:
        return (x_in,) * self.n

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: tuple[Array, ...]) -> tuple[Array, Gradients]:
        return reduce(add, reversed(g_out)), {}  # the last way comes back first

    def __repr__(self) -> str:
        return f"Branch({self.n})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Branch, Array]:
        """A small layer and an input."""
        return cls(3), generator(rng).normal(size=(5, 4))
