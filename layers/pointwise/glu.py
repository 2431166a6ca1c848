"""GLU: one half of the input opens the gate for the other half."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.pointwise.sigmoid import sigmoid
from layers.rng import Seed, generator


class GLU(Layer):
    """Gated linear unit: splits x_in = (a, b) along an axis.

    Equation:  x_out = a * s, with s = sigmoid(b)
               g_in = (g_out * s, g_out * a s (1 - s))
    Shapes:    x_in (..., 2n) along the axis, x_out (..., n)
    Raises:    ShapeError if x_in has no such axis, or it cannot be halved
    Source:    Dauphin et al. 2017

    >>> layer = GLU()
    >>> layer.forward([6.0, 0.0])                      # 6 * 1/2
    array([3.])
    >>> layer.backward([10.0])[0]                      # 10 * 1/2, 10 * 6 * 1/4
    array([ 5., 15.])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = whole("GLU", "axis", axis)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if not -x_in.ndim <= self.axis < x_in.ndim or x_in.shape[self.axis] % 2:
            raise ShapeError(f"x_in must have an even size along axis {self.axis}, got {x_in.shape}", repr(self))
        a, b = np.split(x_in, 2, self.axis)
        self.a, self.s = a, sigmoid(b)
        return self.send(a * self.s)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        g_a = g_out * self.s
        g_b = g_a * self.a * (1.0 - self.s)
        return np.concatenate((g_a, g_b), self.axis), {}

    def __repr__(self) -> str:
        return f"GLU(axis={self.axis})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[GLU, Array]:
        """A layer and an input."""
        return cls(), generator(rng).normal(size=(5, 4))
