"""Threshold: what is not large enough is replaced by a constant."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class Threshold(Pointwise):
    """Each element, or a constant where it is not above the threshold.

    Equation:  x_out = x_in where x_in > threshold, else value
               g_in = g_out where x_in > threshold, else 0         (at the threshold: 0)
    Shapes:    x_in, x_out (...), the same; threshold and value are one number each
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.2; ReLU is Threshold(0, 0)

    >>> layer = Threshold(1.0, -5.0)
    >>> layer.forward([3.0, 0.5])
    array([ 3., -5.])
    >>> layer.backward([7.0, 7.0])[0]
    array([7., 0.])
    """

    def __init__(self, threshold: float = 0.0, value: float = 0.0) -> None:
        self.threshold = number("Threshold", "threshold", threshold)
        self.value = number("Threshold", "value", value)
        self.kinks = (self.threshold,)

    def h(self, x_in: Array) -> Array:
        return np.where(x_in > self.threshold, x_in, x_in.dtype.type(self.value))

    def dh(self, x_in: Array) -> Array:
        return (x_in > self.threshold).astype(x_in.dtype)

    def __repr__(self) -> str:
        return f"Threshold({self.threshold:g}, {self.value:g}, slope at it: 0)"
