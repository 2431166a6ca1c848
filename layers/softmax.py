"""Softmax and its logarithm: scores become shares that add up to one."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Softmax(Layer):
    """Shares p of the scores along one axis.

    Equation:  x_out = p, p[i] = e^x_in[i] / sum over k of e^x_in[k]
               g_in = p * (g_out - sum over k of g_out[k] p[k])    (L^x = diag(p) - p p^T)
    Shapes:    x_in, x_out (...), the same; the shares along `axis` add up to 1
    Raises:    ShapeError if x_in has no such axis, or g_out is not shaped like x_out
    Source:    slides, the two-layer net's softmax loss, as a layer of its own

    The largest score is subtracted first: the shares stay as they are, and no exponential overflows.

    >>> layer = Softmax()
    >>> layer.forward([0.0, np.log(3.0)])
    array([0.25, 0.75])
    >>> layer.backward([0.0, 4.0])[0]                  # the mean of g_out is 3: 1/4 * (0 - 3), 3/4 * (4 - 3)
    array([-0.75,  0.75])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = whole(type(self).__name__, "axis", axis)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        n = max(x_in.ndim, 1)  # a scalar has a share of 1
        if not -n <= self.axis < n:
            raise ShapeError(f"x_in must have axis {self.axis}, got {x_in.shape}", repr(self))
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        e = np.exp(self._shifted(x_in))
        self.x_out = e / e.sum(axis=self.axis, keepdims=True)
        return self.x_out

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        mean = (g_out * self.x_out).sum(axis=self.axis, keepdims=True)
        return self.x_out * (g_out - mean), {}

    def _shifted(self, x_in: Array) -> Array:
        """x_in less its largest element along the axis."""
        return x_in - x_in.max(axis=self.axis, keepdims=True, initial=-np.inf)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(axis={self.axis})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A layer and an input."""
        return cls(), generator(rng).normal(size=(5, 4))


class LogSoftmax(Softmax):
    """Logarithms of the shares, in one step: never the log of a share that has become 0.

    Equation:  x_out[i] = x_in[i] - log(sum over k of e^x_in[k])
               g_in = g_out - p * (sum over k of g_out[k]), with p = e^x_out
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if x_in has no such axis, or g_out is not shaped like x_out
    Source:    the logarithm in the slides' softmax loss; NLLLoss takes it from here

    >>> layer = LogSoftmax()
    >>> layer.forward([0.0, np.log(3.0)]).round(4)     # log 1/4, log 3/4
    array([-1.3863, -0.2877])
    >>> layer.backward([0.0, 4.0])[0].round(12)        # 0 - 1/4 * 4, 4 - 3/4 * 4
    array([-1.,  1.])
    """

    def forward_unchecked(self, x_in: Array) -> Array:
        x_in = self._shifted(x_in)
        self.x_out = x_in - np.log(np.exp(x_in).sum(axis=self.axis, keepdims=True))
        return self.x_out

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out - np.exp(self.x_out) * g_out.sum(axis=self.axis, keepdims=True), {}
