"""The add gate: the gradient distributor."""

from __future__ import annotations

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
        x_out, *others = xs = self.receive_many(x_in)
        common_shape(self, xs)
        self.shapes = [x.shape for x in xs]
        for x in others:
            x_out = x_out + x
        return self.send(x_out)

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        g_out = self.receive_gradient(g_out)
        return tuple([sum_to(g_out, shape) for shape in self.shapes]), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Add, tuple[Array, ...]]:
        """A small gate and three inputs."""
        rng = generator(rng)
        return cls(), tuple(rng.normal(size=(5, 4)) for _ in range(3))
