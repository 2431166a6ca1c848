"""ELU: the rectifier with an exponential for its negative half, so that it levels off at -alpha."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class ELU(Pointwise):
    """Exponential linear unit of each element.

    Equation:  x_out = x_in where x_in > 0, else alpha (e^x_in - 1)
               g_in = g_out where x_in > 0, else g_out * alpha e^x_in      (at 0: alpha)
    Shapes:    x_in, x_out (...), the same; alpha is one positive number
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Clevert et al. 2015

    >>> layer = ELU(2.0)
    >>> layer.forward([3.0, -np.log(2.0)])             # 2 * (1/2 - 1)
    array([ 3., -1.])
    >>> layer.backward([10.0, 10.0])[0]                # 10 * 2 * 1/2
    array([10., 10.])
    """

    kinks = (0.0,)

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number("ELU", "alpha", alpha, above=0.0)

    def h(self, x_in: Array) -> Array:
        return np.where(x_in > 0, x_in, self.alpha * np.expm1(np.minimum(x_in, 0.0)))

    def dh(self, x_in: Array) -> Array:
        e = np.exp(np.minimum(x_in, 0.0))
        return np.where(x_in > 0, e, self.alpha * e)

    def __repr__(self) -> str:
        return f"ELU(alpha={self.alpha:g}, slope at 0: {self.alpha:g})"
