"""CELU: an ELU without its kink, whatever alpha is."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class CELU(Pointwise):
    """Continuously differentiable exponential linear unit of each element.

    Equation:  x_out = x_in where x_in > 0, else alpha (e^(x_in / alpha) - 1)
               g_in = g_out where x_in > 0, else g_out * e^(x_in / alpha)
    Shapes:    x_in, x_out (...), the same; alpha is one positive number
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Barron 2017

    >>> layer = CELU(2.0)
    >>> layer.forward([3.0, -2.0 * np.log(2.0)])       # 2 * (1/2 - 1)
    array([ 3., -1.])
    >>> layer.backward([10.0, 10.0])[0]                # 10 * 1/2
    array([10.,  5.])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("CELU", "alpha", alpha, above=0.0)

    def h(self, x_in: Array) -> Array:
        below = np.minimum(x_in, 0.0)
        return np.maximum(x_in, 0.0) + self.alpha * np.expm1(below / self.alpha)

    def dh(self, x_in: Array) -> Array:
        return np.exp(np.minimum(x_in, 0.0) / self.alpha)

    def __repr__(self) -> str:
        return f"CELU(alpha={self.alpha:g})"
