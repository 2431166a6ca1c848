"""RMSProp: every element's gradient is divided by its own typical size."""

from __future__ import annotations

import numpy as np

from graph.training.optimizer import Optimizer, check_fraction
from layers.arguments import number
from layers.base import Array


class RMSProp(Optimizer):
    """Gradients over the root of their running mean square.

    Equation:  s <- decay * s + (1 - decay) * g^2
               d = g / (sqrt(s) + eps)                 (eps outside the root)
    Raises:    ValueError unless 0 <= decay < 1 and eps >= 0
    Source:    Hinton's lecture 6e; the convention is torch's (decay 0.99, s starts at zero, no correction of its bias)

    >>> optimizer = RMSProp(decay=0.75, eps=0.0)
    >>> optimizer({"W": np.array([2.0])})              # s = 0.25 * 4 = 1, so 2 / 1
    {'W': array([2.])}
    """

    slots = ("mean_square",)

    def __init__(self, decay: float = 0.99, *, eps: float = 1e-8) -> None:
        self.decay = check_fraction("RMSProp", "decay", decay)
        self.eps = number("RMSProp", "eps", eps, least=0.0)

    def direction(self, g: Array, memory: dict) -> Array:
        s = memory["mean_square"]
        s *= self.decay
        s += (1.0 - self.decay) * np.square(g)
        d = np.sqrt(s)
        d += self.eps
        return np.divide(g, d)

    def __repr__(self) -> str:
        return f"RMSProp(decay={self.decay:g})"
