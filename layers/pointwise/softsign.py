"""Softsign: a sigmoid without an exponential."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Softsign(Pointwise):
    """Each element over one more than its size.

    Equation:  x_out = x_in / (1 + |x_in|)
               g_in = g_out / (1 + |x_in|)^2
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Bergstra et al. 2009

    >>> layer = Softsign()
    >>> layer.forward([3.0, -1.0])
    array([ 0.75, -0.5 ])
    >>> layer.backward([16.0, 16.0])[0]                # 16 / 4^2, 16 / 2^2
    array([1., 4.])
    """

    def h(self, x_in: Array) -> Array:
        return x_in / (1.0 + np.abs(x_in))

    def dh(self, x_in: Array) -> Array:
        return 1.0 / (1.0 + np.abs(x_in)) ** 2
