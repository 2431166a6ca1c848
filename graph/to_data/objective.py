"""The objective: what the moving input is to make small, as one number with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.sequential import Sequential
from layers import Negate, Select, Sum
from layers.base import Array, Layer
from layers.errors import ShapeError, label
from losses import Loss


class Objective:
    """J of a model's output, and its gradient.

    Equation:  J = -x_l[i]                             (an index: the negative of one neuron, summed over the batch)
               J = loss(x_l, y)                        (a loss and its target: the distance to it)
               J = f(x_l)                              (any layer that gives one number)
    Raises:    TypeError for what is none of these; ShapeError if J is not one number, or the index lies outside
    Source:    chapter 14.9: the negative, so that the way down in J is the way up for the neuron

    >>> objective = Objective(1)
    >>> float(objective.forward(np.array([3.0, 7.0])))
    -7.0
    >>> objective.backward()
    array([ 0., -1.])
    """

    def __init__(self, objective: Any, y: Any = None) -> None:
        if isinstance(objective, (int, np.integer, tuple)) and not isinstance(objective, bool):
            objective = Sequential(Select(objective), Negate(), Sum())
        if objective is not None and not isinstance(objective, Layer):
            raise TypeError(f"objective must be an index, a loss (with y=...) or a layer, got {objective!r}")
        if isinstance(objective, Loss) != (y is not None):
            what = "needs its target y" if y is None else "has no use for the target y: only a loss has one"
            raise TypeError(f"objective {objective!r} {what}")
        self.layer, self.target = objective, () if y is None else (y,)

    def forward(self, x_out: Any) -> Any:
        """J, which must be one number."""
        J = x_out if self.layer is None else self.layer.forward(x_out, *self.target)
        if type(J) is tuple or np.ndim(J):
            what = "the model's output" if self.layer is None else label(self.layer)
            came = f"{len(J)} wires" if type(J) is tuple else f"the shape {np.shape(J)}"
            raise ShapeError(f"the objective must be one number, {what} has {came}: Select one, or Sum() them")
        self.J = np.asarray(J)
        return J

    def backward(self) -> Array:
        """dJ/dx_out."""
        ones = np.ones_like(self.J)
        return ones if self.layer is None else self.layer.backward(ones)[0]
