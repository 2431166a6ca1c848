"""Flatten: all numbers of a datapoint in one row, as a linear layer wants them."""

from __future__ import annotations

import math
from typing import Any

from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Flatten(Layer):
    """Each datapoint of a batch as a row.

    Equation:  x_out[n] = all of x_in[n], the last axis fastest
               g_in = g_out, in the shape of x_in
    Shapes:    x_in (N, ...), x_out (N, product of the rest); a single datapoint (n,) is flat and stays
    Raises:    ShapeError if x_in is a scalar, or g_out is not shaped like x_out
    Source:    chapter 14.6.1: a layer's input is a vector

    >>> layer = Flatten()
    >>> layer.forward([[[1.0, 2.0], [3.0, 4.0]]])
    array([[1., 2., 3., 4.]])
    >>> layer.backward([[5.0, 6.0, 7.0, 8.0]])[0]
    array([[[5., 6.],
            [7., 8.]]])
    """

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if not x_in.ndim:
            raise ShapeError("x_in must be a batch (N, ...), got a scalar", repr(self))
        self.shape = x_in.shape
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in.reshape(len(x_in), math.prod(x_in.shape[1:])) if x_in.ndim > 1 else x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out.reshape(self.shape), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Flatten, Array]:
        """A layer and a batch of small images."""
        return cls(), generator(rng).normal(size=(5, 2, 3))
