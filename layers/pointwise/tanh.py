"""The hyperbolic tangent: any number becomes one between -1 and 1."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import PointwiseByOutput


class Tanh(PointwiseByOutput):
    """Hyperbolic tangent of each element.

    Equation:  x_out = tanh(x_in)
               g_in = g_out * (1 - x_out^2)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2, equations 14.30 to 14.33, with h = tanh

    >>> layer = Tanh()
    >>> layer.forward([0.0, np.log(3.0)]).round(12)    # (3 - 1/3) / (3 + 1/3)
    array([0. , 0.8])
    >>> layer.backward([5.0, 100.0])[0].round(12)      # 5 * 1, 100 * (1 - 0.64)
    array([ 5., 36.])
    """

    def h(self, x_in: Array) -> Array:
        return np.tanh(x_in)

    def dh(self, x_out: Array) -> Array:
        return 1.0 - x_out * x_out
