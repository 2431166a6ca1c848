"""Group normalization: each datapoint standardized over groups of its channels; InstanceNorm takes one by one."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients
from layers.errors import ShapeError
from layers.normalization.rescale import Rescale
from layers.normalization.standardize import standardize, through_standardize
from layers.rng import Seed, generator


class GroupNorm(Rescale):
    """Each group of channels of each datapoint with mean 0 and variance 1, then scaled and shifted by channel.

    Equation:  z = (x_in - mean) / s, s = sqrt(var + eps); x_out = gamma z + beta
               g_z = gamma g_out; g_in = (g_z - mean(g_z) - z mean(g_z z)) / s    (derived in standardize.py)
               dJ/dgamma = z g_out, dJ/dbeta = g_out                              (summed over batch and space)
    Shapes:    x_in, x_out (N, C) or (N, C, *space), gamma (C,), beta (C,)
    Raises:    ShapeError if axis 1 is not n_channels long; ValueError if n_groups does not divide it
    Source:    Wu and He 2018, "Group normalization"

    >>> layer = GroupNorm(1, 2, eps=3.0)
    >>> layer.forward([[1.0, 3.0]])                    # mean 2, var 1, so s = sqrt(1 + 3)
    array([[-0.5,  0.5]])
    >>> layer.backward([[0.0, 8.0]])[0]                # mean(g) = 4, mean(g z) = 2: (0 - 4 + 0.5*2) / 2
    array([[-1.5,  1.5]])
    """

    def __init__(
        self,
        n_groups: int,
        n_channels: int,
        *,
        eps: float = 1e-5,
        affine: bool = True,
        bias: bool = True,
        dtype: Any = np.float64,
    ) -> None:
        kind = type(self).__name__
        n_channels = whole(kind, "n_channels", n_channels, least=1)
        n_groups = whole(kind, "n_groups", n_groups, least=1)
        self._make_params((n_channels,), affine, bias, eps, dtype)
        if n_channels % n_groups:
            raise ValueError(f"{type(self).__name__}: n_groups must divide n_channels={n_channels}, got {n_groups}")
        self.n_groups, self.n_channels = n_groups, n_channels

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in, self._dtype())
        if x_in.ndim < 2 or x_in.shape[1] != self.n_channels:
            raise ShapeError(f"x_in must be (N, {self.n_channels}, ...), got {x_in.shape}", repr(self))
        z, _, _, self.s = standardize(self._groups(x_in), (2,), self.eps)
        return self.send(self._rescaled(z.reshape(x_in.shape)))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_z, param_grads = self._through_rescaled(self.receive_gradient(g_out))
        g_in = through_standardize(self._groups(g_z), self._groups(self.z), self.s, (2,))
        return g_in.reshape(g_z.shape), param_grads

    def _groups(self, x: Array) -> Array:
        """(N, n_groups, m): the m entries of a group share a mean and a variance."""
        return x.reshape(len(x), self.n_groups, int(np.prod(x.shape[1:])) // self.n_groups)

    def __repr__(self) -> str:
        return f"GroupNorm({self.n_groups}, {self.n_channels}, eps={self.eps:g}{self._options()})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer with two groups of two channels, and an input."""
        rng = generator(rng)
        layer = cls(2, 4)
        layer.params["gamma"][...], layer.params["beta"][...] = rng.normal(size=(2, 4))
        return layer, rng.normal(size=(3, 4, 2, 2))


class InstanceNorm(GroupNorm):
    """Each channel of each datapoint with mean 0 and variance 1 over space: as many groups as channels.

    Equation:  x_out = z = (x_in - mean) / s, s = sqrt(var + eps)     (affine=True: gamma z + beta, as in GroupNorm)
               g_in = (g_out - mean(g_out) - z mean(g_out z)) / s     (derived in standardize.py)
    Shapes:    x_in, x_out (N, C, *space), gamma (C,), beta (C,)
    Raises:    ShapeError if axis 1 is not n_features long
    Source:    Ulyanov, Vedaldi and Lempitsky 2016, "Instance normalization"

    >>> layer = InstanceNorm(1, eps=3.0)
    >>> layer.forward([[[1.0, 3.0]]])                  # mean 2, var 1, so s = sqrt(1 + 3)
    array([[[-0.5,  0.5]]])
    >>> layer.backward([[[0.0, 8.0]]])[0]              # mean(g) = 4, mean(g z) = 2: (0 - 4 + 0.5*2) / 2
    array([[[-1.5,  1.5]]])
    """

    def __init__(
        self, n_features: int, *, eps: float = 1e-5, affine: bool = False, bias: bool = True, dtype: Any = np.float64
    ) -> None:
        n_features = whole("InstanceNorm", "n_features", n_features, least=1)
        super().__init__(n_features, n_features, eps=eps, affine=affine, bias=bias, dtype=dtype)

    def __repr__(self) -> str:
        affine = ", affine=True" if self.params else ""
        return f"InstanceNorm({self.n_channels}, eps={self.eps:g}{affine}{self._options() if self.params else ''})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer without parameters, and an input."""
        return cls(3), generator(rng).normal(size=(2, 3, 2, 3))
