"""SELU: an ELU scaled so that deep networks keep mean 0 and variance 1 by themselves."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise

ALPHA = 1.6732632423543772848170429916717
SCALE = 1.0507009873554804934193349852946


class SELU(Pointwise):
    """Scaled exponential linear unit of each element.

    Equation:  x_out = SCALE x_in where x_in > 0, else SCALE ALPHA (e^x_in - 1)
               g_in = SCALE g_out where x_in > 0, else g_out * SCALE ALPHA e^x_in    (at 0: SCALE ALPHA)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Klambauer et al. 2017, where ALPHA = 1.6733 and SCALE = 1.0507 are derived

    >>> layer = SELU()
    >>> layer.forward([1.0, -np.log(2.0)]).round(4)    # 1.0507, and -1.0507 * 1.6733 / 2
    array([ 1.0507, -0.879 ])
    >>> layer.backward([10.0, 10.0])[0].round(4)       # 10 * 1.0507, and 10 * 1.0507 * 1.6733 / 2
    array([10.507 ,  8.7905])
    """

    kinks = (0.0,)

    def h(self, x_in: Array) -> Array:
        return SCALE * np.where(x_in > 0, x_in, ALPHA * np.expm1(np.minimum(x_in, 0.0)))

    def dh(self, x_in: Array) -> Array:
        e = np.exp(np.minimum(x_in, 0.0))
        return SCALE * np.where(x_in > 0, e, ALPHA * e)

    def __repr__(self) -> str:
        return f"SELU(slope at 0: {SCALE * ALPHA:.4f})"
