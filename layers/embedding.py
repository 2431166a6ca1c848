"""Embedding: a whole number is looked up as a row of learnt numbers."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import float_dtype, whole
from layers.base import Array, Gradients, Layer
from layers.errors import DomainError, DtypeError, ShapeError
from layers.parameters import copied
from layers.rng import Seed, generator
from layers.wires import described


class Embedding(Layer):
    """Rows of W by index: a linear layer whose input is one-hot, without the zeros.

    Equation:  x_out = W[x_in]
               g_in = None                             (an index has no gradient)
               dJ/dW[i] = sum of g_out over all places where x_in is i
    Shapes:    x_in (...) of integers from 0 to n - 1, x_out (..., d), W (n, d)
    Raises:    DtypeError if x_in is not of integers; DomainError (a ValueError) if an index is out of range
    Source:    chapter 14.6.1, the linear layer, for an x_in that is one-hot

    W is drawn from the standard normal distribution.

    >>> layer = Embedding.from_arrays([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> layer.forward([2, 0, 2])
    array([[5., 6.],
           [1., 2.],
           [5., 6.]])
    >>> g_in, param_grads = layer.backward([[1.0, 1.0], [7.0, 8.0], [10.0, 10.0]])
    >>> param_grads["W"]                               # row 2 was used twice: 1 + 10
    array([[ 7.,  8.],
           [ 0.,  0.],
           [11., 11.]])
    """

    def __init__(self, n: int, d: int, *, rng: Seed = None, dtype: Any = np.float64) -> None:
        n, d = whole("Embedding", "n", n, least=1), whole("Embedding", "d", d, least=1)
        self.params = {"W": generator(rng).normal(size=(n, d)).astype(float_dtype("Embedding", dtype))}

    def forward(self, x_in: Any) -> Array:
        self._sent = None
        W = self.params["W"]
        try:
            x_in = np.asarray(x_in) if type(x_in) is not tuple else x_in
        except ValueError:
            raise ShapeError("x_in must be one array, got rows of unequal length", repr(self)) from None
        if type(x_in) is tuple or x_in.dtype.kind not in "iu":
            kind = described(x_in) if type(x_in) is tuple else x_in.dtype
            raise DtypeError(f"x_in must be an array of integers, the indices of rows, got {kind}", repr(self))
        bad = (x_in < 0) | (x_in >= len(W))
        if bad.any():
            raise DomainError(f"x_in must lie between 0 and {len(W) - 1}, got {x_in[bad].flat[0]}", repr(self))
        self.x_in = x_in.astype(np.intp, copy=False)
        return self.send(W.take(self.x_in, axis=0))  # a copy, also of a single row

    def backward(self, g_out: Any) -> tuple[None, Gradients]:
        g_out = self.receive_gradient(g_out)
        W = self.params["W"]
        # the place in W of each number in g_out; bincount adds what falls on one place, 4 times as fast as np.add.at
        places = self.x_in[..., None] * W.shape[1] + np.arange(W.shape[1])
        g_W = np.bincount(places.ravel(), g_out.ravel(), minlength=W.size)
        return None, {"W": g_W.reshape(W.shape).astype(W.dtype, copy=False)}

    @classmethod
    def from_arrays(cls, W: Any) -> Self:
        """A layer with a copy of W (n, d)."""
        layer = cls.__new__(cls)
        layer.params = {"W": copied(cls.__name__, "W", W, "(n, d)")}
        return layer

    def __repr__(self) -> str:
        n, d = self.params["W"].shape
        return f"Embedding({n}, {d})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Embedding, Array]:
        """A small layer, and indices some of which come twice."""
        rng = generator(rng)
        return cls(4, 3, rng=rng), rng.integers(4, size=(5, 2))
