"""The subtract gate."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, sum_to
from layers.rng import Seed, generator


class Subtract(Layer):
    """The first input minus the second.

    Equation:  x_out = x_in^a - x_in^b                 (x_in = (x_in^a, x_in^b))
               g_in^a = g_out, g_in^b = -g_out
    Shapes:    x_in a tuple of two arrays of one shape, or a scalar or a row against a batch
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes, the add gate with one sign turned

    >>> gate = Subtract()
    >>> gate.forward(([5.0], [2.0]))
    array([3.])
    >>> gate.backward([10.0])[0]
    (array([10.]), array([-10.]))
    """

    def forward(self, x_in: Any) -> Array:
        a, b = self.receive_many(x_in, 2)
        common_shape(self, (a, b))
        self.shapes = a.shape, b.shape
        return self.send(a - b)

    def forward_unchecked(self, x_in: tuple[Array, Array]) -> Array:
        a, b = x_in
        return a - b

    def backward(self, g_out: Any) -> tuple[tuple[Array, Array], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, Array], Gradients]:
        shape_a, shape_b = self.shapes
        return (sum_to(g_out, shape_a), sum_to(-g_out, shape_b)), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Subtract, tuple[Array, ...]]:
        """The gate and two inputs."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 4)), rng.normal(size=(5, 4)))
