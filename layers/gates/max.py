"""The max gate: the gradient router."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, sum_to
from layers.rng import Seed, generator


class Max(Layer):
    """The largest of two or more inputs, element by element (largest of one array: MaxPool2d).

    Equation:  x_out = max(x_in^1, ..., x_in^n)
               g_in^i = g_out where x_in^i is the largest, 0 elsewhere
    Shapes:    x_in a tuple of arrays of one shape, or of scalars and rows against a batch
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes, "patterns in backward flow"; slides, "max gate: gradient router"

    A tie: the first of the largest inputs gets the whole gradient.

    >>> gate = Max()
    >>> gate
    Max(tie: first)
    >>> gate.forward(([2.0, 7.0], [-1.0, 7.0]))
    array([2., 7.])
    >>> gate.backward([3.0, 5.0])[0]
    (array([3., 5.]), array([0., 0.]))
    """

    winner_of = staticmethod(np.argmax)

    def forward(self, x_in: Any) -> Array:
        xs = self.receive_many(x_in)
        self.shape = common_shape(self, xs)
        self.shapes = [x.shape for x in xs]
        return self.send(self.forward_unchecked(xs))

    def forward_unchecked(self, x_in: tuple[Array, ...]) -> Array:
        stack = np.stack([np.broadcast_to(x, self.shape) for x in x_in])
        self.winner = self.winner_of(stack, axis=0)  # argmax and argmin give the first of equals
        return np.take_along_axis(stack, self.winner[None], axis=0)[0]

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, ...], Gradients]:
        routed = (np.where(self.winner == i, g_out, 0) for i in range(len(self.shapes)))
        return tuple(sum_to(g, shape) for g, shape in zip(routed, self.shapes, strict=True)), {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(tie: first)"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, tuple[Array, ...]]:
        """The gate and three inputs without a tie: all numbers a fifth or more apart."""
        numbers = generator(rng).permutation(60) / 5.0 - 6.0
        return cls(), tuple(numbers.reshape(3, 5, 4))
