"""The add gate: the gradient distributor."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, sum_to
from layers.rng import Seed, generator


class Add(Layer):
    """Sum of two or more inputs.

    Equation:  x_out = x_in^1 + ... + x_in^n
               g_in^i = g_out                          (L^x = 1 for every input)
    Shapes:    x_in a tuple of arrays of one shape; or of scalars and rows against a batch, whose gradient is summed
               back to their own shape
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes, "patterns in backward flow"; slides, "add gate: gradient distributor"

    >>> gate = Add()
    >>> gate.forward((-2.0, 5.0))
    np.float64(3.0)
    >>> gate.backward(-4.0)[0]
    (array(-4.), array(-4.))
    """

    def forward(self, x_in: Any) -> Array:
        xs = self.receive_many(x_in)
        shape = common_shape(self, xs)
        self.shapes = [x.shape for x in xs]
        self.alike = self.shapes.count(shape) == len(xs)
        return self.send(self.forward_unchecked(xs))

    def forward_unchecked(self, x_in: tuple[Array, ...]) -> Array:
        if len(x_in) == 2:  # nearly all there are in circuits
            a, b = x_in
            return a + b
        return reduce(add, x_in)

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, ...], Gradients]:
        if self.alike:
            return (g_out,) * len(self.shapes), {}
        return tuple([sum_to(g_out, shape) for shape in self.shapes]), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Add, tuple[Array, ...]]:
        """A small gate and three inputs."""
        rng = generator(rng)
        return cls(), tuple(rng.normal(size=(5, 4)) for _ in range(3))
