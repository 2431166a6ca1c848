"""The bilinear layer: linear in each of two inputs, a product of both."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import float_dtype, whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.parameters import weight_and_bias
from layers.rng import Seed, generator


class Bilinear(Layer):
    """One number of two datapoints for each output: x1^T W[k] x2 + b[k].

    Equation:  x_out[k] = sum over i, j of x1[i] W[k, i, j] x2[j] + b[k]     (x_in = (x1, x2))
               g_in = (sum of g_out[k] W[k, i, j] x2[j], sum of g_out[k] x1[i] W[k, i, j])
               dJ/dW[k, i, j] = g_out[k] x1[i] x2[j], dJ/db = g_out          (both summed over the batch)
    Shapes:    x1 (..., n_1), x2 (..., n_2), x_out (..., n_out), W (n_out, n_1, n_2), b (n_out,)
    Raises:    ShapeError if x_in is not two arrays of these shapes; DtypeError if float32 meets float64
    Source:    chapter 14.6.1, the linear layer, once for each of the two inputs

    W is drawn from a normal distribution with variance 1 / (n_1 n_2); b is zero.

    >>> layer = Bilinear.from_arrays(W=[[[1.0, 2.0]]], b=[3.0])
    >>> layer.forward(([5.0], [1.0, 10.0]))            # 5*1*1 + 5*2*10 + 3
    array([108.])
    >>> g_in, param_grads = layer.backward([1.0])
    >>> g_in                                           # 1*1 + 2*10; 5*1, 5*2
    (array([21.]), array([ 5., 10.]))
    >>> param_grads["W"], param_grads["b"]             # 5*1, 5*10
    (array([[[ 5., 50.]]]), array([1.]))
    """

    def __init__(
        self, n_1: int, n_2: int, n_out: int, *, bias: bool = True, rng: Seed = None, dtype: Any = np.float64
    ) -> None:
        sizes = {"n_1": n_1, "n_2": n_2, "n_out": n_out}
        n_1, n_2, n_out = (whole("Bilinear", name, size, least=1) for name, size in sizes.items())
        dtype = float_dtype("Bilinear", dtype)
        W = generator(rng).normal(0.0, np.sqrt(1.0 / (n_1 * n_2)), (n_out, n_1, n_2))
        self.params = {"W": W.astype(dtype)}
        if bias:
            self.params["b"] = np.zeros(n_out, dtype)

    def forward(self, x_in: Any) -> Array:
        W = self.params["W"]
        x1, x2 = (x.astype(W.dtype, copy=False) for x in self.receive_many(x_in, 2))
        if x1.shape[-1:] != W.shape[1:2] or x2.shape[-1:] != W.shape[2:] or x1.shape[:-1] != x2.shape[:-1]:
            wanted = f"(..., {W.shape[1]}) and (..., {W.shape[2]})"
            raise ShapeError(f"x_in must be {wanted}, got {x1.shape} and {x2.shape}", repr(self))
        self.x1, self.x2 = x1, x2
        x_out = np.einsum("...i,kij,...j->...k", x1, W, x2, optimize=True)
        return self.send(x_out + self.params["b"] if "b" in self.params else x_out)

    def backward(self, g_out: Any) -> tuple[tuple[Array, Array], Gradients]:
        W = self.params["W"]
        g_out = self.receive_gradient(g_out)
        g_x1 = np.einsum("...k,kij,...j->...i", g_out, W, self.x2, optimize=True)
        g_x2 = np.einsum("...k,...i,kij->...j", g_out, self.x1, W, optimize=True)
        g, x1, x2 = (array.reshape(-1, array.shape[-1]) for array in (g_out, self.x1, self.x2))
        param_grads = {"W": np.einsum("nk,ni,nj->kij", g, x1, x2, optimize=True)}
        if "b" in self.params:
            param_grads["b"] = g.sum(axis=0)
        return (g_x1, g_x2), param_grads

    @classmethod
    def from_arrays(cls, W: Any, b: Any = None) -> Self:
        """A layer with copies of W (n_out, n_1, n_2) and b (n_out,), or without a bias."""
        layer = cls.__new__(cls)
        layer.params = weight_and_bias(cls.__name__, W, b, "(n_out, n_1, n_2)")
        return layer

    def __repr__(self) -> str:
        n_out, n_1, n_2 = self.params["W"].shape
        return f"Bilinear({n_1}, {n_2} -> {n_out}{'' if 'b' in self.params else ', bias=False'})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Bilinear, tuple[Array, Array]]:
        """A small layer and its two inputs."""
        rng = generator(rng)
        layer = cls.from_arrays(rng.normal(size=(2, 3, 4)), rng.normal(size=2))
        return layer, (rng.normal(size=(5, 3)), rng.normal(size=(5, 4)))
