"""PReLU: a leaky rectifier that learns how leaky to be."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import float_dtype, number, whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.parameters import copied
from layers.rng import Seed, generator


class PReLU(Layer):
    """Positive part of each element, and a learnt share of its negative part.

    Equation:  x_out = x_in where x_in > 0, else a x_in
               g_in = g_out where x_in > 0, else a g_out           (at 0: a)
               dJ/da = sum of g_out * min(x_in, 0)     (over all that share this a)
    Shapes:    x_in, x_out (...), the same; a (1,) for one slope, or (C,) for one a channel: axis 1 of a batch
               (N, C, ...), or the only axis of a single datapoint (C,)
    Raises:    ShapeError if x_in has not as many channels as a has slopes
    Source:    He et al. 2015

    >>> layer = PReLU.from_arrays([0.5])
    >>> layer.forward([2.0, -3.0, -1.0])
    array([ 2. , -1.5, -0.5])
    >>> g_in, param_grads = layer.backward([10.0, 10.0, 100.0])
    >>> g_in
    array([10.,  5., 50.])
    >>> param_grads["a"]                               # 10 * -3 + 100 * -1
    array([-130.])
    """

    def __init__(self, n: int = 1, *, a: float = 0.25, dtype: Any = np.float64) -> None:
        n, a = whole("PReLU", "n", n, least=1), number("PReLU", "a", a)
        self.params = {"a": np.full(n, a, float_dtype("PReLU", dtype))}

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in, self.params["a"].dtype)
        n = len(self.params["a"])
        channels = x_in.shape[1:2] if x_in.ndim > 1 else x_in.shape
        if n > 1 and channels != (n,):
            raise ShapeError(f"x_in must have {n} channels, (N, {n}, ...), got {x_in.shape}", repr(self))
        self.x_in = x_in
        return self.send(np.where(x_in > 0, x_in, self._slopes() * x_in))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        g_in = np.where(self.x_in > 0, g_out, self._slopes() * g_out)
        g_slopes = g_out * np.minimum(self.x_in, 0.0)
        shared = tuple(axis for axis, size in enumerate(self._slopes().shape) if size == 1)
        return g_in, {"a": g_slopes.sum(axis=shared, keepdims=True).reshape(-1)}

    def _slopes(self) -> Array:
        """a, standing along the axis of the channels."""
        a, shape = self.params["a"], [1] * self.x_in.ndim
        if len(a) > 1:
            shape[min(1, self.x_in.ndim - 1)] = len(a)
        return a.reshape(shape)

    @classmethod
    def from_arrays(cls, a: Any) -> Self:
        """A layer with a copy of the slopes a (1,) or (C,)."""
        layer = cls.__new__(cls)
        layer.params = {"a": copied(cls.__name__, "a", a, "(C,)")}
        return layer

    def __repr__(self) -> str:
        return f"PReLU({len(self.params['a'])}, slope at 0: a)"

    @classmethod
    def example(cls, rng: Seed) -> tuple[PReLU, Array]:
        """A layer of one slope a channel, and an input away from the kink."""
        rng = generator(rng)
        x_in = rng.normal(size=(5, 4, 3))
        return cls.from_arrays(rng.uniform(0.1, 0.5, size=4)), x_in + 0.1 * np.sign(x_in)
