"""The sigmoid: any number becomes one between 0 and 1."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import PointwiseByOutput


class Sigmoid(PointwiseByOutput):
    """Logistic function of each element.

    Equation:  x_out = 1 / (1 + e^-x_in)
               g_in = g_out * (1 - x_out) x_out
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the sigmoid neuron, as one gate

    >>> layer = Sigmoid()
    >>> float(layer.forward(1.0).round(2))             # the notes' neuron: 0.73
    0.73
    >>> float(layer.backward(1.0)[0].round(2))         # (1 - 0.73) * 0.73
    0.2
    """

    def h(self, x_in: Array) -> Array:
        return sigmoid(x_in)

    def dh(self, x_out: Array) -> Array:
        return (1.0 - x_out) * x_out


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x) for any x: the exponential is only taken of -|x|, so it cannot overflow.

    >>> [float(value) for value in sigmoid(np.array([-1e4, 0.0, 1e4]))]
    [0.0, 0.5, 1.0]
    """
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)
