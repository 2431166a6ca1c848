"""The divide gate."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, sum_to
from layers.gates.domain import refuse
from layers.rng import Seed, generator


class Divide(Layer):
    """The first input over the second, element by element.

    Equation:  x_out = x_in^a / x_in^b                 (x_in = (x_in^a, x_in^b))
               g_in^a = g_out / x_in^b, g_in^b = -g_out * x_out / x_in^b
    Shapes:    x_in a tuple of two arrays of one shape, or a scalar or a row against a batch
    Raises:    DomainError (a ValueError) if an element of the second input is 0; ShapeError if the shapes do not go
               together; DtypeError if float32 meets float64
    Source:    course notes, staged computation: multiply and 1/x in one gate

    >>> gate = Divide()
    >>> gate.forward(([6.0], [2.0]))
    array([3.])
    >>> gate.backward([4.0])[0]                        # 4 / 2, and -4 * 3 / 2
    (array([2.]), array([-6.]))
    """

    def forward(self, x_in: Any) -> Array:
        a, b = self.receive_many(x_in, 2)
        common_shape(self, (a, b))
        self.shape = a.shape
        return self.send(self.forward_unchecked((a, b)))

    def forward_unchecked(self, x_in: tuple[Array, Array]) -> Array:
        a, b = x_in
        refuse(self, b == 0, b, "other than zero", name="the second of x_in")
        self.divisor, self.x_out = b, a / b
        return self.x_out

    def backward(self, g_out: Any) -> tuple[tuple[Array, Array], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, Array], Gradients]:
        g = g_out / self.divisor
        return (sum_to(g, self.shape), sum_to(-g * self.x_out, self.divisor.shape)), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Divide, tuple[Array, ...]]:
        """The gate and two inputs, the second away from zero."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 4)), rng.uniform(0.5, 2.0, size=(5, 4)))
