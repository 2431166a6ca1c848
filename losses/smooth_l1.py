"""The smooth absolute error: L1Loss with its kink rounded off."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class SmoothL1Loss(Loss):
    """The absolute difference, made a parabola closer than beta to the target: HuberLoss(beta) / beta.

    Equation:  J_i = sum_k s(y_hat_ik - y_ik), with s(d) = d^2 / (2 beta) if |d| <= beta, else |d| - beta/2
               g_in = clip((y_hat - y) / beta, -1, 1) g_out/N    ("mean"; without the 1/N for "sum" and "none")
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n features; or (), one number
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch
    Source:    a sibling of the chapter's L2 loss (14.6.3); the 1/N is equation 14.11

    With c = clip(d / beta, -1, 1) both cases of s are one: s(d) = c (d - beta c/2).

    >>> loss = SmoothL1Loss(beta=2.0)
    >>> float(loss.forward([[1.0, 5.0], [0.0, -3.0]], np.zeros((2, 2))))    # (1/4 + 4 + 0 + 2) / 2
    3.125
    >>> loss.backward()[0]                             # 1/2, 1, 0, -1, halved
    array([[ 0.25,  0.5 ],
           [ 0.  , -0.5 ]])
    """

    def __init__(self, beta: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.beta = number("SmoothL1Loss", "beta", beta, above=0.0)  # with 0 it would be L1Loss

    def values(self, y_hat: Array, y: Array) -> Array:
        difference = y_hat - y
        self.clipped = np.clip(difference / self.beta, -1, 1)
        return per_datapoint(self.clipped * (difference - self.beta / 2 * self.clipped))

    def gradient(self) -> Array:
        return self.clipped

    def conventions(self) -> str:
        return f"beta={self.beta:g}, sum over features"

    @classmethod
    def example(cls, rng: Seed) -> tuple[SmoothL1Loss, tuple[Array, Array]]:
        """A loss, and a prediction with differences on both sides of beta."""
        y = generator(rng).normal(size=(2, 3))
        return cls(), (y + np.array([[0.3, -2.0, 0.7], [-0.6, 1.4, 3.0]]), y)
