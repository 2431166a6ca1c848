"""Hardtanh: clips each number to a range; beyond it no gradient comes back."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class Hardtanh(Pointwise):
    """Each element, clipped to [low, high].

    Equation:  x_out = min(max(x_in, low), high)
               g_in = g_out where low < x_in < high, else 0        (at low and at high: 0)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Collobert 2004; a tanh of three straight lines

    >>> layer = Hardtanh()
    >>> layer.forward([-3.0, 0.5, 1.0])
    array([-1. ,  0.5,  1. ])
    >>> layer.backward([7.0, 7.0, 7.0])[0]
    array([0., 7., 0.])
    """

    def __init__(self, low: float = -1.0, high: float = 1.0) -> None:
        self.low = number("Hardtanh", "low", low)
        self.high = number("Hardtanh", "high", high, above=self.low)
        self.kinks = (self.low, self.high)

    def h(self, x_in: Array) -> Array:
        return np.clip(x_in, self.low, self.high)

    def dh(self, x_in: Array) -> Array:
        return ((x_in > self.low) & (x_in < self.high)).astype(x_in.dtype)

    def __repr__(self) -> str:
        return f"Hardtanh({self.low:g}, {self.high:g}, slope at both: 0)"
