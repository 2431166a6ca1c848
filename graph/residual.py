"""Residual: a chain with a straight way round it."""

from __future__ import annotations

from graph.parallel import Parallel
from graph.sequential import Sequential
from layers import Add, Branch, Identity
from layers.base import Layer


class Residual(Sequential):
    """A body with a straight way round it: x_out = body(x_in) + x_in.

    Equation:  x_out = body(x_in) + x_in
               g_in = g_out L_body^x + g_out
    Shapes:    x_in and x_out alike, so body must keep the shape
    Raises:    ShapeError if body changes the shape
    Source:    chapter 14.7, figures 14.18 to 14.20: a Branch, two ways in Parallel, an Add

    >>> from layers import Linear
    >>> block = Residual(Linear.from_arrays([[2.0]], [0.0]))
    >>> block.forward([5.0])                           # 2*5 + 5
    array([15.])
    >>> block.backward([10.0])[0]                      # 10*2 + 10: gradients add at the branch
    array([30.])
    """

    def __init__(self, body: Layer) -> None:
        super().__init__(Branch(2), Parallel(body, Identity()), Add())
