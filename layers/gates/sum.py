"""The sum gate: many numbers become one, and its gradient goes to all of them."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Sum(Layer):
    """Sum over one axis, over several, or over all elements.

    Equation:  x_out = sum over i of x_in[i]
               g_in[i] = g_out                         for every i
    Shapes:    axis=None: x_in (...), x_out (); otherwise x_out lacks the axes summed over
    Raises:    ShapeError if x_in has no such axis, or g_out is not shaped like x_out
    Source:    slides, the squared norm; chapter 14.5, the sum over the batch

    >>> gate = Sum()
    >>> gate.forward([[1.0, 2.0], [3.0, 4.0]])
    np.float64(10.0)
    >>> gate.backward(5.0)[0]
    array([[5., 5.],
           [5., 5.]])
    """

    def __init__(self, axis: int | tuple[int, ...] | None = None) -> None:
        kind = type(self).__name__
        if isinstance(axis, (tuple, list)):
            self.axis = tuple(whole(kind, "axis", a) for a in axis)
        else:
            self.axis = None if axis is None else whole(kind, "axis", axis)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        self.shape = x_in.shape
        self._axes()
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in.sum(axis=self.axis)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return np.broadcast_to(np.expand_dims(g_out, self._axes()), self.shape).copy(), {}

    def _axes(self) -> tuple[int, ...]:
        """The axes summed over, from the front."""
        n = len(self.shape)
        axes = range(n) if self.axis is None else self.axis if isinstance(self.axis, tuple) else (self.axis,)
        if any(not -n <= axis < n for axis in axes):
            raise ShapeError(f"x_in must have axis {self.axis}, got {self.shape}", repr(self))
        return tuple(sorted({axis % n for axis in axes}))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(axis={self.axis})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A gate that sums each datapoint, and an input."""
        return cls(axis=-1), generator(rng).normal(size=(5, 4))
