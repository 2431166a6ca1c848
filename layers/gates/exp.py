"""The exponential gate, its own derivative."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.base import PointwiseByOutput


class Exp(PointwiseByOutput):
    """e to the power of each element.

    Equation:  x_out = e^x_in
               g_in = g_out * x_out
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    course notes, the sigmoid neuron gate by gate

    Beyond about 709 (88 in float32) x_out is inf, as everywhere in floating point, and its gradient is inf, or nan
    where g_out is 0. A circuit that goes there is better built of one gate that does not: Sigmoid, Softplus, Softmax.

    >>> gate = Exp()
    >>> float(gate.forward(-1.0).round(4))             # the notes' neuron: 0.37
    0.3679
    >>> float(gate.backward(-0.53)[0].round(4))        # -0.53 * 0.3679: the notes' -0.20
    -0.195
    """

    def h(self, x_in: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.exp(x_in)

    def dh(self, x_out: Array) -> Array:
        return x_out
