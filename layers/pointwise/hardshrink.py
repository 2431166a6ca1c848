"""Hardshrink: small numbers become zero, large ones stay."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise


class Hardshrink(Pointwise):
    """Each element, or 0 if it is small.

    Equation:  x_out = x_in where |x_in| > threshold, else 0
               g_in = g_out where |x_in| > threshold, else 0       (at the threshold: 0)
    Shapes:    x_in, x_out (...), the same; threshold is one number, 0 or more
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    the proximal step of a penalty on how many numbers are not zero

    >>> layer = Hardshrink(1.0)
    >>> layer.forward([3.0, -0.5, -2.0])
    array([ 3.,  0., -2.])
    >>> layer.backward([7.0, 7.0, 7.0])[0]
    array([7., 0., 7.])
    """

    def __init__(self, threshold: float = 0.5) -> None:
        self.threshold = number(type(self).__name__, "threshold", threshold, least=0.0)
        self.kinks = (-self.threshold, self.threshold)

    def h(self, x_in: Array) -> Array:
        return np.where(np.abs(x_in) > self.threshold, x_in, x_in.dtype.type(0.0))

    def dh(self, x_in: Array) -> Array:
        return (np.abs(x_in) > self.threshold).astype(x_in.dtype)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.threshold:g}, slope at it: 0)"
