"""Merge: several wires become one, side by side."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Merge(Layer):
    """Concatenation of several inputs along one axis.

    Equation:  x_out = [x_in^1, ..., x_in^n], side by side
               g_in^i = the part of g_out that stands where x_in^i stood
    Shapes:    x_in a tuple of arrays, equal but for `axis`; x_out (..., n_1 + ... + n_k)
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    chapter 14.7, equations 14.37 and 14.39 to 14.41; figure 14.20

    >>> layer = Merge()
    >>> layer.forward(([1.0], [2.0, 3.0]))
    array([1., 2., 3.])
    >>> layer.backward([10.0, 20.0, 30.0])[0]
    (array([10.]), array([20., 30.]))
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = whole("Merge", "axis", axis)

    def forward(self, x_in: Any) -> Array:
        xs = self.receive_many(x_in)
        n = xs[0].ndim
        if any(x.ndim != n for x in xs) or not -n <= self.axis < n:
            self._refuse(xs)
        axis = self.axis % n
        if len({x.shape[:axis] + x.shape[axis + 1 :] for x in xs}) > 1:
            self._refuse(xs)
        self.ends = list(accumulate(x.shape[axis] for x in xs))[:-1]
        return self.send(self.forward_unchecked(xs))

    def forward_unchecked(self, x_in: tuple[Array, ...]) -> Array:
        return np.concatenate(x_in, self.axis)

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, ...], Gradients]:
        return tuple(np.split(g_out, self.ends, self.axis)), {}

    def _refuse(self, xs: tuple[Array, ...]) -> None:
        shapes = " and ".join(str(x.shape) for x in xs)
        raise ShapeError(f"x_in must be arrays of one shape but for axis {self.axis}, got {shapes}", repr(self))

    def __repr__(self) -> str:
        return f"Merge(axis={self.axis})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Merge, tuple[Array, ...]]:
        """A layer and three inputs of different widths."""
        rng = generator(rng)
        return cls(), tuple(rng.normal(size=(5, n)) for n in (2, 1, 3))
