"""The 1/N that the loss owns, as a gate."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class OverBatch(Layer):
    """Every number over the number of datapoints.

    Equation:  x_out = x_in / N
               g_in = g_out / N
    Shapes:    x_in, x_out (N, ...), the same
    Raises:    ShapeError if x_in is not a batch, or is empty
    Source:    chapter 14.3, equation 14.11

    >>> gate = OverBatch()
    >>> gate.forward([[4.0], [6.0]])
    array([[2.],
           [3.]])
    >>> gate.backward([[10.0], [1.0]])[0]
    array([[5. ],
           [0.5]])
    """

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if x_in.ndim < 2 or not len(x_in):
            raise ShapeError(f"x_in must be a batch (N, ...) of one datapoint or more, got {x_in.shape}", repr(self))
        self.N = len(x_in)
        return self.send(x_in / self.N)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.receive_gradient(g_out) / self.N, {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[OverBatch, Array]:
        """A gate and a batch."""
        return cls(), generator(rng).normal(size=(5, 4))
