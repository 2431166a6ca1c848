"""GELU: each number times the share of a normal distribution that lies below it."""

from __future__ import annotations

import math

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise
from layers.pointwise.erf import erfc

ROOT_HALF = math.sqrt(0.5)
ROOT_2_OVER_PI = math.sqrt(2.0 / math.pi)
CUBIC = 0.044715


class GELU(Pointwise):
    """A gate that each element opens by its normal quantile.

    Equation:  x_out = x_in Phi(x_in), with Phi(x) = erfc(-x / sqrt 2) / 2
               g_in = g_out * (Phi(x_in) + x_in phi(x_in)), with phi = Phi' = e^(-x^2 / 2) / sqrt(2 pi)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Hendrycks and Gimpel 2016; approximate="tanh" puts (1 + tanh u) / 2 for Phi, with
               u = sqrt(2/pi) (x + 0.044715 x^3): faster, and off by less than 5e-4

    >>> layer = GELU()
    >>> layer.forward([0.0, 1.0]).round(4)             # 1 * Phi(1)
    array([0.    , 0.8413])
    >>> layer.backward([10.0, 1.0])[0].round(4)        # 10 * 1/2; Phi(1) + phi(1) = 0.8413 + 0.2420
    array([5.    , 1.0833])
    """

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ValueError(f'GELU: approximate must be "none" or "tanh", got {approximate!r}')
        self.approximate = approximate

    def h(self, x_in: Array) -> Array:
        return x_in * self.share_below(x_in)

    def dh(self, x_in: Array) -> Array:
        return self.share_below(x_in) + x_in * self.density(x_in)

    def share_below(self, x: Array) -> Array:
        """Phi."""
        if self.approximate == "tanh":
            return 0.5 * (1.0 + np.tanh(ROOT_2_OVER_PI * (x + CUBIC * x * x * x)))
        return 0.5 * erfc(-ROOT_HALF * x)

    def density(self, x: Array) -> Array:
        """Phi'."""
        if self.approximate == "tanh":
            t = np.tanh(ROOT_2_OVER_PI * (x + CUBIC * x * x * x))
            return 0.5 * (1.0 - t * t) * ROOT_2_OVER_PI * (1.0 + 3.0 * CUBIC * x * x)
        return 0.5 * ROOT_2_OVER_PI * np.exp(-0.5 * x * x)

    def __repr__(self) -> str:
        return f'GELU(approximate="{self.approximate}")'
