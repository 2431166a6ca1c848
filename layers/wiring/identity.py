"""The identity: a wire as a layer, the straight way round a residual block."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Identity(Layer):
    """Hands its input on.

    Equation:  x_out = x_in
               g_in = g_out                            (L^x = I)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.7, a way of a DAG on which nothing stands

    >>> layer = Identity()
    >>> layer.forward([1.0, 2.0])
    array([1., 2.])
    >>> layer.backward([3.0, 4.0])
    (array([3., 4.]), {})
    """

    def forward(self, x_in: Any) -> Array:
        return self.send(self.receive(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.receive_gradient(g_out), {}

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out, {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Identity, Array]:
        """A small layer and an input."""
        return cls(), generator(rng).normal(size=(5, 4))
