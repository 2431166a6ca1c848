"""Hardswish: each number times its hardsigmoid."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import Pointwise


class Hardswish(Pointwise):
    """A gate that each element opens for itself, along straight lines.

    Equation:  x_out = x_in s, with s = min(max(x_in / 6 + 1/2, 0), 1)
               g_in = g_out * (s + x_in s')            (0 up to -3, x_in / 3 + 1/2 between, 1 from 3 on)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Howard et al. 2019

    >>> layer = Hardswish()
    >>> layer.forward([-4.0, 1.5, 5.0])                # 1.5 * 3/4
    array([-0.   ,  1.125,  5.   ])
    >>> layer.backward([8.0, 8.0, 8.0])[0]             # 8 * (1.5 / 3 + 1/2)
    array([0., 8., 8.])
    """

    kinks = (-3.0, 3.0)

    def h(self, x_in: Array) -> Array:
        return x_in * np.clip(x_in / 6.0 + 0.5, 0.0, 1.0)

    def dh(self, x_in: Array) -> Array:
        between = x_in / 3.0 + 0.5
        return np.where(np.abs(x_in) < 3.0, between, (x_in > 0).astype(x_in.dtype))

    def __repr__(self) -> str:
        return "Hardswish(slope at -3: 0, at 3: 1)"
