"""Broken local gradients: masks, factors, Jacobians and forks; and two that no shape and no sign gives away."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator
from losses.l2 import L2Loss


class Pointwise(Layer):
    """What the broken layers without parameters have in common: an input away from kinks."""

    @classmethod
    def example(cls, rng: Seed) -> tuple[Layer, Array]:
        """A small layer and an input."""
        x_in = generator(rng).normal(size=(5, 4))
        return cls(), x_in + 0.1 * np.sign(x_in)


class Fork(Pointwise):
    """x_out = x_in + tanh(x_in): the input goes two ways.

    The mistake: = instead of += where the two ways meet, so the gradient of the straight one is lost.
    """

    def forward(self, x_in: Any) -> Array:
        self.t = np.tanh(x_in)
        return x_in + self.t

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_in = g_out
        g_in = g_out * (1 - self.t**2)
        return g_in, {}


class GradientMask(Pointwise):
    """A ReLU.

    The mistake: the mask is that of the gradient, not that of the input.
    """

    def forward(self, x_in: Any) -> Array:
        return np.maximum(x_in, 0)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * (g_out > 0), {}


class DiagonalSoftmax(Pointwise):
    """A softmax, treated like a sigmoid.

    The mistake: p (1 - p) is only the diagonal of softmax's Jacobian; each p depends on every input.
    """

    def forward(self, x_in: Any) -> Array:
        e = np.exp(x_in - x_in.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * self.p * (1 - self.p), {}


class HalfSquare(Pointwise):
    """x_out = x_in^2.

    The mistake: a factor 2 is lost; x * x has two ways back.
    """

    def forward(self, x_in: Any) -> Array:
        self.x_in = x_in
        return x_in * x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * self.x_in, {}


class TwiceMean(L2Loss):
    """A squared error, mean over datapoints.

    The mistake: 1/N twice, in the loss's own mean and once more.
    """

    def backward(self, g_out: Any = None) -> tuple[Array, Gradients]:
        g_in, _ = super().backward(g_out)
        return g_in / self.N, {}


class WrongTogether(Pointwise):
    """A ReLU: max(0, x_in), and its gradient where the gate is open. No check of the contract finds fault with it.

    The mistake: forward and backward are wrong together, min(0, x_in); only a number worked by hand tells.
    """

    def forward(self, x_in: Any) -> Array:
        self.x_in = x_in
        return x_in * (x_in < 0)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * (self.x_in < 0), {}
