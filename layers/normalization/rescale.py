"""What the normalizations share: a scale gamma and a shift beta, so that the layer can undo what it has done."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import float_dtype, number
from layers.base import Array, Gradients, Layer


class Rescale(Layer):
    """A layer that standardizes its input to z, then scales and shifts it; subclasses make z.

    Equation:  x_out = gamma z + beta
               dJ/dz = gamma g_out, dJ/dgamma = z g_out, dJ/dbeta = g_out    (both summed over all that share them)
    Shapes:    z, x_out (N, C, ...) with gamma, beta (C,); or (..., *shape) with gamma, beta of `shape`
    Raises:    ValueError for a size below 1 or an eps below 0
    Source:    Ioffe and Szegedy 2015, section 3
    """

    channels_on_axis_1 = True  # gamma is one number for each channel; else it covers the last axes of z

    def _make_params(self, shape: tuple[int, ...], affine: bool, bias: bool, eps: float, dtype: Any) -> None:
        dtype = float_dtype(type(self).__name__, dtype)
        self.eps = number(type(self).__name__, "eps", eps, least=0.0)
        self.params = {"gamma": np.ones(shape, dtype)} if affine else {}
        if affine and bias:
            self.params["beta"] = np.zeros(shape, dtype)

    def _dtype(self) -> np.dtype | None:
        """The dtype to compute in: that of gamma, or else that of the input."""
        return self.params["gamma"].dtype if self.params else None

    def _rescaled(self, z: Array) -> Array:
        """x_out, with z kept for the way back."""
        self.z = z
        x_out = z * self._spread("gamma", z.ndim) if "gamma" in self.params else z
        return x_out + self._spread("beta", z.ndim) if "beta" in self.params else x_out

    def _through_rescaled(self, g_out: Array) -> tuple[Array, Gradients]:
        """dJ/dz and the gradients of gamma and beta."""
        if not self.params:
            return g_out, {}
        own = self.params["gamma"].ndim
        axes = (0, *range(2, g_out.ndim)) if self.channels_on_axis_1 else tuple(range(g_out.ndim - own))
        param_grads = {"gamma": (g_out * self.z).sum(axes)}
        if "beta" in self.params:
            param_grads["beta"] = g_out.sum(axes) if axes else g_out.copy()
        return g_out * self._spread("gamma", g_out.ndim), param_grads

    def _spread(self, name: str, ndim: int) -> Array:
        """gamma or beta, shaped to meet an array of `ndim` axes."""
        theta = self.params[name]
        return theta.reshape(-1, *(1,) * (ndim - 2)) if self.channels_on_axis_1 else theta

    def _options(self) -> str:
        """The options that are not the usual ones, for the repr."""
        affine = "" if self.params else ", affine=False"
        return affine + (", bias=False" if list(self.params) == ["gamma"] else "")
