"""What all pointwise layers share: a function h of one number, applied to each element by itself."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Pointwise(Layer):
    """A scalar function for each element. A subclass says `h` and its derivative `dh`, and is a layer.

    Equation:  x_out = h(x_in)
               g_in = g_out * h'(x_in)                 (L^x is diagonal)
    Shapes:    x_in, x_out, g_in, g_out (...), all the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, equations 14.30 to 14.33

    >>> class Cube(Pointwise):
    ...     def h(self, x_in):
    ...         return x_in**3
    ...     def dh(self, x_in):
    ...         return 3 * x_in**2
    >>> layer = Cube()
    >>> layer.forward([1.0, 2.0])
    array([1., 8.])
    >>> layer.backward([1.0, 10.0])[0]                 # 1 * 3, 10 * 12
    array([  3., 120.])
    """

    kinks: tuple[float, ...] = ()  # where h' jumps: numbers to keep away from in a numerical check

    def h(self, x_in: Array) -> Array:
        """The function of one number, for all elements at once."""
        raise NotImplementedError(f"{type(self).__name__} has no h(x_in)")

    def dh(self, x_in: Array) -> Array:
        """Its derivative; at a kink, the slope this layer's docstring says."""
        raise NotImplementedError(f"{type(self).__name__} has no dh(x_in)")

    def forward(self, x_in: Any) -> Array:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> Array:
        self.x_in = x_in
        return self.h(x_in)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out * self.dh(self.x_in), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """The layer as it is by default, and an input away from its kinks."""
        layer, x_in = cls(), 2.0 * generator(rng).normal(size=(5, 4))
        for kink in layer.kinks:
            x_in[np.abs(x_in - kink) < 0.1] = kink + 0.2
        return layer, x_in


class PointwiseByOutput(Pointwise):
    """A pointwise layer whose derivative is a function of its output: x_out alone is remembered, and `dh` is given it.

    Equation:  x_out = h(x_in)
               g_in = g_out * h'(x_in), h' written by x_out: for exp it is x_out itself
    Shapes:    x_in, x_out, g_in, g_out (...), all the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the sigmoid: f' = (1 - f) f

    >>> class Exponential(PointwiseByOutput):
    ...     def h(self, x_in):
    ...         return np.exp(x_in)
    ...     def dh(self, x_out):
    ...         return x_out
    >>> layer = Exponential()
    >>> layer.forward([0.0])
    array([1.])
    >>> layer.backward([10.0])[0]                      # 10 * 1
    array([10.])
    """

    def forward(self, x_in: Any) -> Array:
        return self.send(self.forward_unchecked(self.receive(x_in)))

    def forward_unchecked(self, x_in: Array) -> Array:
        self.x_out = self.h(x_in)
        return self.x_out

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out * self.dh(self.x_out), {}
