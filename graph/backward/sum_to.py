"""The gradient of a row or a number that met a batch, summed back to its own shape, as a gate."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.gates.broadcast import sum_to
from layers.rng import Seed, generator


class SumTo(Layer):
    """Sum over the leading axes that a shape lacks.

    Equation:  x_out = sum of x_in over its leading axes
               g_in = g_out for each of them
    Shapes:    x_in (..., *shape), x_out shape
    Raises:    ShapeError if x_in does not end in the shape
    Source:    chapter 14.7: a value that was used many times gets the sum of all gradients

    >>> gate = SumTo((2,))
    >>> gate.forward([[1.0, 2.0], [10.0, 20.0]])
    array([11., 22.])
    >>> gate.backward([3.0, 4.0])[0]
    array([[3., 4.],
           [3., 4.]])
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = tuple(shape)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if x_in.shape[max(x_in.ndim - len(self.shape), 0) :] != self.shape:
            raise ShapeError(f"x_in must end in {self.shape}, got {x_in.shape}", repr(self))
        self.shape_in = x_in.shape
        return self.send(sum_to(x_in, self.shape))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return np.broadcast_to(self.receive_gradient(g_out), self.shape_in).copy(), {}

    def __repr__(self) -> str:
        return f"SumTo({self.shape})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[SumTo, Array]:
        """A gate for rows, and a batch."""
        return cls((4,)), generator(rng).normal(size=(5, 4))
