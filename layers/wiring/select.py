"""Select: one neuron of a layer, to ask what its value depends on."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Select(Layer):
    """One element of each datapoint.

    Equation:  x_out = x_in[..., index]
               g_in[..., index] = g_out, 0 elsewhere   (L^x is a one-hot row)
    Shapes:    index i: x_in (..., n), x_out (...); index (i, j): x_in (..., n, m), x_out (...), and so on: the index
               always counts the last axes, so the batch in front is kept
    Raises:    ShapeError if the index lies outside x_in, or g_out is not shaped like x_out
    Source:    chapter 14.9, the gradient of one neuron with respect to the data

    >>> layer = Select(2)
    >>> layer.forward([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    array([3., 6.])
    >>> layer.backward([10.0, 1.0])[0]
    array([[ 0.,  0., 10.],
           [ 0.,  0.,  1.]])
    """

    def __init__(self, index: int | tuple[int, ...]) -> None:
        one = not isinstance(index, (tuple, list))
        self.index = tuple(whole("Select", "index", i) for i in ((index,) if one else index))
        if not self.index:
            raise ValueError("Select: index must hold one number or more, got ()")

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        sizes = x_in.shape[-len(self.index) :]
        if len(sizes) < len(self.index) or any(not -n <= i < n for i, n in zip(self.index, sizes, strict=True)):
            raise ShapeError(f"index {self.index} must lie inside the last axes of x_in, {x_in.shape}", repr(self))
        self.shape = x_in.shape
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in[(..., *self.index)]

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        g_in = np.zeros(self.shape, g_out.dtype)
        g_in[(..., *self.index)] = g_out
        return g_in, {}

    def __repr__(self) -> str:
        return f"Select({self.index[0] if len(self.index) == 1 else self.index})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Select, Array]:
        """A layer and an input."""
        return cls(2), generator(rng).normal(size=(5, 4))
