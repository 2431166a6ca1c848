"""The mean gate: the sum gate, divided by how many."""

from __future__ import annotations

import math
from typing import Any

from layers.base import Array, Gradients
from layers.errors import ShapeError
from layers.gates.sum import Sum


class Mean(Sum):
    """Mean over one axis, over several, or over all elements.

    Equation:  x_out = 1/n * sum over i of x_in[i]
               g_in[i] = g_out / n                     for every i
    Shapes:    axis=None: x_in (...), x_out (); otherwise x_out lacks the axes averaged over
    Raises:    ShapeError if x_in has no such axis or nothing in it, or g_out is not shaped like x_out
    Source:    chapter 14.5, equation 14.11: the mean of the datapoints' gradients

    >>> gate = Mean()
    >>> gate.forward([[1.0, 2.0], [3.0, 6.0]])
    np.float64(3.0)
    >>> gate.backward(8.0)[0]                          # 8 / 4
    array([[2., 2.],
           [2., 2.]])
    """

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        self.shape = x_in.shape
        self.n = math.prod(self.shape[axis] for axis in self._axes())
        if self.n == 0:
            raise ShapeError(f"x_in must have something to take the mean of, got {self.shape}", repr(self))
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return super().forward_unchecked(x_in) / self.n

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        g_in, param_grads = super().backward_unchecked(g_out)
        return g_in / self.n, param_grads
