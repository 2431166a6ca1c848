"""Split: one wire becomes several, the way back through Merge."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Split(Layer):
    """Parts of given sizes along one axis, each on a wire of its own.

    Equation:  x_out^1, ..., x_out^n = the parts of x_in, one after the other
               g_in = (g_out^1, ..., g_out^n), side by side
    Shapes:    x_in (..., n_1 + ... + n_k), x_out a tuple of arrays (..., n_i), along `axis`
    Raises:    ShapeError if x_in has not that size along the axis, or g_out is not shaped like x_out
    Source:    chapter 14.7: what Merge does to a gradient, as a layer

    >>> layer = Split((1, 2))
    >>> layer.forward([1.0, 2.0, 3.0])
    (array([1.]), array([2., 3.]))
    >>> layer.backward(([10.0], [20.0, 30.0]))[0]
    array([10., 20., 30.])
    """

    def __init__(self, sizes: tuple[int, ...], axis: int = -1) -> None:
        if not isinstance(sizes, (tuple, list)):
            raise TypeError(f"Split: sizes must be a tuple such as (2, 3), got {sizes!r}")
        self.sizes = tuple(whole("Split", "sizes", size) for size in sizes)
        if not self.sizes or min(self.sizes) < 0:
            raise ValueError(f"Split: sizes must hold one size or more, none negative, got {sizes}")
        self.axis = whole("Split", "axis", axis)

    @property
    def n_outputs(self) -> int:
        """How many wires come out, for a graph."""
        return len(self.sizes)

    def forward(self, x_in: Any) -> tuple[Array, ...]:
        x_in = self.receive(x_in)
        if not -x_in.ndim <= self.axis < x_in.ndim or x_in.shape[self.axis] != sum(self.sizes):
            raise ShapeError(
                f"x_in must have the size {sum(self.sizes)} along axis {self.axis}, got {x_in.shape}", repr(self)
            )
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> tuple[Array, ...]:
        return tuple(np.split(x_in, list(accumulate(self.sizes))[:-1], self.axis))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: tuple[Array, ...]) -> tuple[Array, Gradients]:
        return np.concatenate(g_out, self.axis), {}

    def __repr__(self) -> str:
        return f"Split({self.sizes}, axis={self.axis})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Split, Array]:
        """A layer of three wires, and an input."""
        return cls((2, 1, 3)), generator(rng).normal(size=(5, 6))
