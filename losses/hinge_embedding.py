"""The hinge on distances: small for pairs that belong together, at least a margin for pairs that do not."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint
from losses.verdicts import checked_verdicts


class HingeEmbeddingLoss(Loss):
    """The distance itself where y = 1, and what it lacks to the margin where y = -1.

    Equation:  J_i = sum_k y_hat_ik if y_ik = 1, max(0, margin - y_hat_ik) if y_ik = -1
               g_in = s g_out/N, with s = 1 where y = 1, -1 where y = -1 and y_hat < margin, else 0
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n distances; or (), one distance
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch; ValueError if y is not 1 or -1
    Source:    the slides' SVM hinge, for distances; the 1/N is equation 14.11

    >>> loss = HingeEmbeddingLoss()
    >>> float(loss.forward([2.0, 0.25, 3.0], [1, -1, -1]))     # 2 + (1 - 0.25) + 0
    2.75
    >>> loss.backward()[0]
    array([ 1., -1.,  0.])
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = number("HingeEmbeddingLoss", "margin", margin)

    def receive_target(self, y_hat: Any, y: Any) -> tuple[Array, Array]:
        y_hat, y = super().receive_target(y_hat, y)
        return y_hat, checked_verdicts(self, y)

    def values(self, y_hat: Array, y: Array) -> Array:
        together = y == 1
        self.slope = np.where(together, 1, -(y_hat < self.margin).astype(y_hat.dtype)) + 0  # + 0 turns -0 into 0
        return per_datapoint(np.where(together, y_hat, np.maximum(self.margin - y_hat, 0)))

    def gradient(self) -> Array:
        return self.slope

    def conventions(self) -> str:
        return f"margin={self.margin:g}, sum over distances"

    @classmethod
    def example(cls, rng: Seed) -> tuple[HingeEmbeddingLoss, tuple[Array, Array]]:
        """A loss, and distances with their verdicts, away from the kink."""
        y = generator(rng).choice([-1.0, 1.0], size=(2, 3))
        return cls(), (np.array([[0.2, 1.5, 0.6], [2.0, 0.1, 1.2]]), y)
