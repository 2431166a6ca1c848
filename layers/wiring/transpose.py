"""Transpose: the axes of each datapoint in another order."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Transpose(Layer):
    """The last axes, permuted; those in front stay.

    Equation:  x_out[j, i] = x_in[i, j]
               g_in[i, j] = g_out[j, i]                (back by the inverse permutation)
    Shapes:    axes (1, 0): x_in (..., m, n), x_out (..., n, m). A permutation of k axes moves the last k of x_in:
               (1, 0, 2) swaps time and heads of (N, T, H, d). A permutation of all axes is numpy's
    Raises:    ShapeError if x_in has fewer axes, or g_out is not shaped like x_out
    Source:    slides, the gradients of a matrix product: W^T and X^T

    >>> layer = Transpose()
    >>> layer.forward([[1.0, 2.0, 3.0]])
    array([[1.],
           [2.],
           [3.]])
    >>> layer.backward([[10.0], [20.0], [30.0]])[0]
    array([[10., 20., 30.]])
    """

    def __init__(self, axes: tuple[int, ...] = (1, 0)) -> None:
        if not isinstance(axes, (tuple, list)):
            raise TypeError(f"Transpose: axes must be a tuple such as (1, 0), got {axes!r}")
        self.axes = tuple(whole("Transpose", "axes", axis) for axis in axes)
        if not axes or sorted(self.axes) != list(range(len(self.axes))):
            raise ValueError(f"Transpose: axes must be a permutation of 0, 1, ..., such as (1, 0), got {axes}")

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if x_in.ndim < len(self.axes):
            raise ShapeError(f"x_in must have {len(self.axes)} axes or more, got {x_in.shape}", repr(self))
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in.transpose(self._order(x_in.ndim, self.axes))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out.transpose(self._order(g_out.ndim, np.argsort(self.axes))), {}

    def _order(self, n: int, axes: Any) -> tuple[int, ...]:
        front = n - len(axes)
        return (*range(front), *(front + int(axis) for axis in axes))

    def __repr__(self) -> str:
        return f"Transpose({self.axes})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Transpose, Array]:
        """A layer and a batch of matrices."""
        return cls(), generator(rng).normal(size=(5, 4, 3))
