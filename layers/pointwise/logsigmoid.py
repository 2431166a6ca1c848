"""The logarithm of the sigmoid, taken in one step so that it never is log(0)."""

from __future__ import annotations

from layers.base import Array
from layers.pointwise.base import Pointwise
from layers.pointwise.sigmoid import sigmoid
from layers.pointwise.softplus import softplus


class LogSigmoid(Pointwise):
    """Log of the logistic function of each element.

    Equation:  x_out = log(sigmoid(x_in)) = -softplus(-x_in)
               g_in = g_out * sigmoid(-x_in)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    the log-likelihood of a logistic regression

    >>> layer = LogSigmoid()
    >>> layer.forward([0.0, -100.0]).round(4)          # log 1/2; far below, x_in itself
    array([  -0.6931, -100.    ])
    >>> layer.backward([4.0, 4.0])[0]                  # 4 * 1/2, 4 * 1
    array([2., 4.])
    """

    def h(self, x_in: Array) -> Array:
        return -softplus(-x_in)

    def dh(self, x_in: Array) -> Array:
        return sigmoid(-x_in)
