"""Softplus: the rectifier with its corner rounded; its slope is the sigmoid."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.pointwise.base import Pointwise
from layers.pointwise.sigmoid import sigmoid


class Softplus(Pointwise):
    """Smooth positive part of each element.

    Equation:  x_out = log(1 + e^(beta x_in)) / beta
               g_in = g_out * sigmoid(beta x_in)
    Shapes:    x_in, x_out (...), the same; beta is one positive number, the sharper the corner the larger
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Dugas et al. 2001; the cost of a logistic regression

    >>> layer = Softplus()
    >>> layer.forward([0.0, np.log(3.0)]).round(4)     # log 2, log 4
    array([0.6931, 1.3863])
    >>> layer.backward([4.0, 4.0])[0].round(12)        # 4 * 1/2, 4 * 3/4
    array([2., 3.])
    """

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = number("Softplus", "beta", beta, above=0.0)

    def h(self, x_in: Array) -> Array:
        return softplus(self.beta * x_in) / self.beta

    def dh(self, x_in: Array) -> Array:
        return sigmoid(self.beta * x_in)

    def __repr__(self) -> str:
        return f"Softplus(beta={self.beta:g})"


def softplus(x: Array) -> Array:
    """log(1 + e^x) for any x: the exponential is only taken of -|x|.

    >>> [float(value) for value in softplus(np.array([-1e4, 1e4]))]
    [0.0, 10000.0]
    """
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
