"""The ranking loss: of two scores, the one that should win must win by a margin."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import per_datapoint
from losses.pairs import PairLoss
from losses.verdicts import checked_verdicts


class MarginRankingLoss(PairLoss):
    """By how much a fails to lie the margin above b (y = 1), or below it (y = -1). A tie (y = 0) costs
    the margin and pulls neither way.

    Equation:  J_i = sum_k max(0, margin - y_ik (a_ik - b_ik))
               g_in of a = -y open g_out/N, of b = y open g_out/N, with open = 1 where the hinge is above 0, else 0
    Shapes:    y_hat = (a, b) of (N, ...) with y alike; or of (n,), one datapoint; or of ()
    Raises:    ShapeError if the shapes are not all one; ValueError if y is not 1, -1 or 0
    Source:    the slides' SVM hinge between two scores; the 1/N is equation 14.11

    >>> loss = MarginRankingLoss(margin=1.0)
    >>> float(loss.forward((np.array([3.0, 0.5]), np.array([1.0, 0.0])), [1, 1]))    # max(0, 1 - 2) + max(0, 1 - 0.5)
    0.5
    >>> loss.backward()[0]
    (array([ 0., -1.]), array([0., 1.]))
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = number("MarginRankingLoss", "margin", margin)

    def values(self, y_hat: Array, y: Array) -> Array:
        y = checked_verdicts(self, y, (1, -1, 0))
        hinges = np.maximum(self.margin - y * (y_hat[..., 0] - y_hat[..., 1]), 0)
        pull = np.where(hinges > 0, y, 0)
        self.slope = np.stack([-pull, pull], axis=-1) + 0  # + 0 turns -0 into 0
        return per_datapoint(hinges)

    def gradient(self) -> Array:
        return self.slope

    def conventions(self) -> str:
        return f"margin={self.margin:g}, sum over pairs"

    @classmethod
    def example(cls, rng: Seed) -> tuple[MarginRankingLoss, tuple[tuple[Array, Array], Array]]:
        """A loss, and pairs of scores with their verdicts, away from the kink."""
        b = generator(rng).normal(size=(2, 3))
        y = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])
        return cls(0.5), ((b + np.array([[1.0, -2.0, 0.2], [0.3, -0.7, 0.9]]), b), y)
