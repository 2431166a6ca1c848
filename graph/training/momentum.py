"""Momentum: the direction is a running sum of gradients, like the velocity of a heavy ball."""

from __future__ import annotations

from graph.training.optimizer import Optimizer, check_fraction
from layers.base import Array


class Momentum(Optimizer):
    """A velocity that each gradient pushes and that decays from step to step.

    Equation:  v <- decay * v + g
               d = v                                   (nesterov: d = g + decay * v)
    Raises:    ValueError unless 0 <= decay < 1
    Source:    Polyak 1964; Nesterov 1983. The convention is torch's (no factor 1 - decay in front of g)

    >>> import numpy as np
    >>> optimizer = Momentum(0.5)
    >>> optimizer({"W": np.array([2.0])})              # 0.5*0 + 2
    {'W': array([2.])}
    >>> optimizer({"W": np.array([4.0])})              # 0.5*2 + 4
    {'W': array([5.])}
    >>> optimizer = Momentum(0.5, nesterov=True)
    >>> optimizer({"W": np.array([2.0])})              # v = 2, and 2 + 0.5*2
    {'W': array([3.])}
    """

    slots = ("velocity",)

    def __init__(self, decay: float = 0.9, *, nesterov: bool = False) -> None:
        self.decay = check_fraction("Momentum", "decay", decay)
        self.nesterov = nesterov

    def direction(self, g: Array, memory: dict) -> Array:
        v = memory["velocity"]
        v *= self.decay
        v += g
        return g + self.decay * v if self.nesterov else v.copy()

    def __repr__(self) -> str:
        return f"Momentum({self.decay:g}{', nesterov=True' if self.nesterov else ''})"
