"""Hardsigmoid: a sigmoid of three straight lines."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Hardsigmoid(Pointwise):
    """Straight-line sigmoid of each element.

    Equation:  x_out = min(max(x_in / 6 + 1/2, 0), 1)
               g_in = g_out / 6 where -3 < x_in < 3, else 0        (at -3 and at 3: 0)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Courbariaux et al. 2015; Howard et al. 2019 for these slopes

    >>> layer = Hardsigmoid()
    >>> layer.forward([-4.0, 0.0, 1.5, 3.0])
    array([0.  , 0.5 , 0.75, 1.  ])
    >>> layer.backward([12.0, 12.0, 12.0, 12.0])[0]    # 12 / 6
    array([0., 2., 2., 0.])
    """

    kinks = (-3.0, 3.0)

    def h(self, x_in: Array) -> Array:
        return np.clip(x_in / 6.0 + 0.5, 0.0, 1.0)

    def dh(self, x_in: Array) -> Array:
        return (np.abs(x_in) < 3.0).astype(x_in.dtype) / 6.0

    def __repr__(self) -> str:
        return "Hardsigmoid(slope at -3 and 3: 0)"
