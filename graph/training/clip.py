"""Clipping: gradients that are too long together are shortened, all by one factor, so their direction stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from graph.training.optimizer import Optimizer
from layers.arguments import number
from layers.base import Array, Gradients


def clip_by_norm(param_grads: Mapping[str, Array], max_norm: float) -> Gradients:
    """The gradients, shortened to `max_norm` if their common Euclidean norm is larger.

    >>> clip_by_norm({"W": np.array([3.0]), "b": np.array([4.0])}, max_norm=1.0)        # norm 5
    {'W': array([0.6]), 'b': array([0.8])}
    """
    max_norm = number("clip_by_norm", "max_norm", max_norm, above=0.0)
    # in units of the largest element no square can overflow
    largest = max((float(np.abs(g).max()) for g in param_grads.values() if g.size), default=0.0)
    if not 0.0 < largest < np.inf:
        return dict(param_grads)
    norm = largest * float(sum(np.square(g / largest, dtype=np.float64).sum() for g in param_grads.values())) ** 0.5
    if norm <= max_norm:
        return dict(param_grads)
    return {name: g * (max_norm / norm) for name, g in param_grads.items()}


class Clipped(Optimizer):
    """An optimizer behind `clip_by_norm`, for `fit`: it sees only gradients that have been clipped.

    Equation:  d = optimizer(clip_by_norm(g, max_norm))     (no optimizer: the clipped gradients themselves)
    Raises:    ValueError unless max_norm is a finite number above 0
    Source:    Pascanu, Mikolov and Bengio 2013, algorithm 1

    >>> Clipped(max_norm=1.0)({"W": np.array([3.0, 4.0])})
    {'W': array([0.6, 0.8])}
    """

    def __init__(self, optimizer: Callable[[Gradients], Gradients] | None = None, *, max_norm: float) -> None:
        self.optimizer = optimizer
        self.max_norm = number("Clipped", "max_norm", max_norm, above=0.0)

    @property
    def weight_decay(self) -> float:
        """That of the optimizer behind it, which then wants the parameters too."""
        return getattr(self.optimizer, "weight_decay", 0.0)

    def __call__(self, param_grads: Mapping[str, Array], params: Mapping[str, Array] | None = None) -> Gradients:
        clipped = clip_by_norm(param_grads, self.max_norm)
        if self.optimizer is None:
            return clipped
        return self.optimizer(clipped, params) if self.weight_decay else self.optimizer(clipped)

    def state(self) -> dict[str, Array]:
        return self.optimizer.state() if hasattr(self.optimizer, "state") else {}

    def load_state(self, state: Mapping[str, Array]) -> None:
        if state or hasattr(self.optimizer, "load_state"):
            self.optimizer.load_state(state)

    def __repr__(self) -> str:
        return f"Clipped({self.optimizer!r}, max_norm={self.max_norm:g})"
