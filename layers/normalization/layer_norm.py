"""Layer normalization: each datapoint standardized over its own features, whatever the rest of the batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients
from layers.errors import ShapeError
from layers.normalization.rescale import Rescale
from layers.normalization.standardize import standardize, through_standardize
from layers.rng import Seed, generator


class LayerNorm(Rescale):
    """The last axes with mean 0 and variance 1, then scaled and shifted feature by feature.

    Equation:  z = (x_in - mean) / s, s = sqrt(var + eps); x_out = gamma z + beta
               g_z = gamma g_out; g_in = (g_z - mean(g_z) - z mean(g_z z)) / s    (derived in standardize.py)
               dJ/dgamma = z g_out, dJ/dbeta = g_out                              (summed over the batch)
    Shapes:    x_in, x_out (..., *shape), gamma and beta of `shape`
    Raises:    ShapeError if x_in does not end in `shape`
    Source:    Ba, Kiros and Hinton 2016, "Layer normalization"

    >>> layer = LayerNorm(2, eps=3.0)
    >>> layer.forward([1.0, 3.0])                      # mean 2, var 1, so s = sqrt(1 + 3)
    array([-0.5,  0.5])
    >>> g_in, param_grads = layer.backward([0.0, 8.0])
    >>> g_in                                           # mean(g) = 4, mean(g z) = 2: (0 - 4 + 0.5*2) / 2
    array([-1.5,  1.5])
    >>> param_grads["gamma"]                           # -0.5 * 0, 0.5 * 8
    array([0., 4.])
    """

    channels_on_axis_1 = False

    def __init__(
        self,
        shape: int | tuple[int, ...],
        *,
        eps: float = 1e-5,
        affine: bool = True,
        bias: bool = True,
        dtype: Any = np.float64,
    ) -> None:
        sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
        if not sizes:
            raise ValueError(f"{type(self).__name__}: shape must hold one size or more, got {shape}")
        self.shape = tuple(whole(type(self).__name__, "shape", size, least=1) for size in sizes)
        self._make_params(self.shape, affine, bias, eps, dtype)
        self.axes = tuple(range(-len(self.shape), 0))

    def forward(self, x_in: Any) -> Array:
        z, _, _, self.s = standardize(self.receive_features(x_in), self.axes, self.eps)
        return self.send(self._rescaled(z))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_z, param_grads = self._through_rescaled(self.receive_gradient(g_out))
        return through_standardize(g_z, self.z, self.s, self.axes), param_grads

    def receive_features(self, x_in: Any) -> Array:
        """x_in as an array that ends in `shape`."""
        x_in = self.receive(x_in, self._dtype())
        if x_in.shape[-len(self.shape) :] != self.shape:
            raise ShapeError(f"x_in must be (..., {', '.join(map(str, self.shape))}), got {x_in.shape}", repr(self))
        return x_in

    def __repr__(self) -> str:
        shape = self.shape[0] if len(self.shape) == 1 else self.shape
        return f"{type(self).__name__}({shape}, eps={self.eps:g}{self._options()})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[LayerNorm, Array]:
        """A small layer over the last two axes, and an input."""
        rng = generator(rng)
        layer = cls((3, 2))
        for theta in layer.params.values():
            theta[...] = rng.normal(size=(3, 2))
        return layer, rng.normal(size=(4, 3, 2))
