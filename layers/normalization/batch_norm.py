"""Batch normalization: each channel standardized over the batch, so that the next layer meets inputs of one scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from layers.arguments import number, whole
from layers.base import Array, Gradients
from layers.errors import ParameterNameError, ShapeError
from layers.normalization.rescale import Rescale
from layers.normalization.standardize import standardize, through_standardize
from layers.rng import Seed, generator
from layers.wires import float_array


class BatchNorm(Rescale):
    """Each channel with mean 0 and variance 1 over batch and space, then scaled and shifted.

    Equation:  z = (x_in - mean) / s, s = sqrt(var + eps); x_out = gamma z + beta
               g_z = gamma g_out; g_in = (g_z - mean(g_z) - z mean(g_z z)) / s    (derived in standardize.py)
               dJ/dgamma = z g_out, dJ/dbeta = g_out                              (summed over batch and space)
               in eval mode mean and var are the running ones, constants: g_in = g_z / s
    Shapes:    x_in, x_out (N, C) or (N, C, *space), gamma (C,), beta (C,)
    Raises:    ShapeError if axis 1 is not n_features long; in training also if a channel has a single value
    Source:    Ioffe and Szegedy 2015, "Batch normalization"

    Each forward pass in training moves the running statistics by `momentum` towards those of the batch (the running
    variance by the unbiased one, over m - 1 values); `state()` has them. `backward` leaves them alone.

    >>> layer = BatchNorm(1, eps=3.0, momentum=0.5)
    >>> layer.forward([[1.0], [3.0]])                  # mean 2, var 1, so s = sqrt(1 + 3)
    array([[-0.5],
           [ 0.5]])
    >>> g_in, param_grads = layer.backward([[0.0], [8.0]])
    >>> g_in                                           # mean(g) = 4, mean(g z) = 2: (0 - 4 + 0.5*2) / 2
    array([[-1.5],
           [ 1.5]])
    >>> param_grads["gamma"], param_grads["beta"]      # 8 * 0.5, and 0 + 8
    (array([4.]), array([8.]))
    >>> layer.running_mean, layer.running_var          # half way from 0 to 2; from 1 to 2 (1 + 1, over 2 - 1)
    (array([1.]), array([1.5]))
    """

    def __init__(
        self,
        n_features: int,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
        bias: bool = True,
        dtype: Any = np.float64,
    ) -> None:
        n_features = whole("BatchNorm", "n_features", n_features, least=1)
        self._make_params((n_features,), affine, bias, eps, dtype)
        momentum = number("BatchNorm", "momentum", momentum)
        if not 0.0 <= momentum <= 1.0:
            raise ValueError(f"BatchNorm: momentum must lie between 0 and 1, got {momentum}")
        self.momentum = momentum
        self.running_mean, self.running_var = np.zeros(n_features, dtype), np.ones(n_features, dtype)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in, self._dtype())
        n_features = len(self.running_mean)
        if x_in.ndim < 2 or x_in.shape[1] != n_features:
            raise ShapeError(f"x_in must be (N, {n_features}, ...), got {x_in.shape}", repr(self))
        self.axes = (0, *range(2, x_in.ndim))
        self.of_batch = self.training and x_in.size > 0
        if self.of_batch:
            z, mean, var, self.s = standardize(x_in, self.axes, self.eps)
            self._follow(mean.ravel(), var.ravel(), x_in.size // n_features, x_in.shape)
        else:
            shape = (-1, *(1,) * (x_in.ndim - 2))
            self.s = np.sqrt(self.running_var + self.eps).astype(x_in.dtype).reshape(shape)
            z = (x_in - self.running_mean.astype(x_in.dtype).reshape(shape)) / self.s
        return self.send(self._rescaled(z))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_z, param_grads = self._through_rescaled(self.receive_gradient(g_out))
        g_in = through_standardize(g_z, self.z, self.s, self.axes) if self.of_batch else g_z / self.s
        return g_in, param_grads

    def _follow(self, mean: Array, var: Array, m: int, shape: tuple[int, ...]) -> None:
        """Move the running statistics; new arrays, so that a tied layer keeps its own."""
        if m < 2:
            raise ShapeError(f"training needs two or more values in each channel, got x_in {shape}", repr(self))
        keep, dtype = 1.0 - self.momentum, self.running_mean.dtype
        self.running_mean = (keep * self.running_mean + self.momentum * mean).astype(dtype)
        self.running_var = (keep * self.running_var + self.momentum * var * (m / (m - 1))).astype(dtype)

    def state(self) -> dict[str, Array]:
        return {"running_mean": self.running_mean.copy(), "running_var": self.running_var.copy()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        known = self.state()
        if state.keys() - known.keys():
            raise ParameterNameError(f"state must be among {list(known)}, got {list(state)}", repr(self))
        for name, value in state.items():
            known[name] = float_array(self, name, value).copy()
            if known[name].shape != self.running_mean.shape:
                raise ShapeError(f"{name} must be {self.running_mean.shape}, got {known[name].shape}", repr(self))
        self.running_mean, self.running_var = known["running_mean"], known["running_var"]

    def __repr__(self) -> str:
        numbers = f"{len(self.running_mean)}, eps={self.eps:g}, momentum={self.momentum:g}{self._options()}"
        return f"BatchNorm({numbers}, channels on axis 1, unbiased running variance)"

    @classmethod
    def example(cls, rng: Seed) -> tuple[BatchNorm, Array]:
        """A small layer that has seen other data, and an input."""
        rng = generator(rng)
        layer = cls(3)
        layer.params["gamma"][...], layer.params["beta"][...] = rng.normal(size=(2, 3))
        layer.forward(rng.normal(1.0, 2.0, size=(5, 3)))
        return layer.tied(), rng.normal(size=(4, 3, 2, 2))
