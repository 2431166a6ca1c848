"""RMS normalization: each datapoint divided by the root of its mean square; a LayerNorm without the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients
from layers.normalization.layer_norm import LayerNorm
from layers.normalization.standardize import through_scale


class RMSNorm(LayerNorm):
    """The last axes with mean square 1, then scaled feature by feature.

    Equation:  z = x_in / s, s = sqrt(mean(x_in^2) + eps); x_out = gamma z
               g_z = gamma g_out; g_in = (g_z - z mean(g_z z)) / s    (standardize.py, without the way through mu)
               dJ/dgamma = z g_out                                    (summed over the batch)
    Shapes:    x_in, x_out (..., *shape), gamma of `shape`
    Raises:    ShapeError if x_in does not end in `shape`
    Source:    Zhang and Sennrich 2019, "Root mean square layer normalization"

    >>> layer = RMSNorm(2, eps=0.0)
    >>> layer.forward([1.0, 7.0])                      # mean square 25, so s = 5
    array([0.2, 1.4])
    >>> layer.backward([5.0, 0.0])[0]                  # mean(g z) = 0.5: (5 - 0.2*0.5) / 5, (0 - 1.4*0.5) / 5
    array([ 0.98, -0.14])
    """

    def __init__(
        self, shape: int | tuple[int, ...], *, eps: float = 1e-5, affine: bool = True, dtype: Any = np.float64
    ) -> None:
        super().__init__(shape, eps=eps, affine=affine, bias=False, dtype=dtype)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive_features(x_in)
        self.s = np.sqrt((x_in * x_in).mean(self.axes, keepdims=True) + self.eps)
        return self.send(self._rescaled(x_in / self.s))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_z, param_grads = self._through_rescaled(self.receive_gradient(g_out))
        return through_scale(g_z, self.z, self.s, self.axes), param_grads

    def _options(self) -> str:
        return "" if self.params else ", affine=False"
