"""The Huber loss: squared near the target, absolute far away, so that outliers do not take over."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class HuberLoss(Loss):
    """Half the squared difference up to delta, and from there on a straight line of slope delta.

    Equation:  J_i = sum_k h(y_hat_ik - y_ik), with h(d) = d^2 / 2 if |d| <= delta, else delta (|d| - delta/2)
               g_in = clip(y_hat - y, -delta, delta) g_out/N    ("mean"; without the 1/N for "sum" and "none")
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n features; or (), one number
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch
    Source:    between the chapter's L2 loss (14.6.3) and L1Loss; the 1/N is equation 14.11

    With c = clip(d, -delta, delta) both cases of h are one: h(d) = c (d - c/2).

    >>> loss = HuberLoss(delta=1.0)
    >>> float(loss.forward([[0.5, 3.0], [0.0, -2.0]], np.zeros((2, 2))))    # (0.125 + 2.5 + 0 + 1.5) / 2
    2.0625
    >>> loss.backward()[0]                             # 0.5, 3, 0, -2 clipped to 1, and halved
    array([[ 0.25,  0.5 ],
           [ 0.  , -0.5 ]])
    """

    def __init__(self, delta: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.delta = number("HuberLoss", "delta", delta, above=0.0)

    def values(self, y_hat: Array, y: Array) -> Array:
        difference = y_hat - y
        self.clipped = np.clip(difference, -self.delta, self.delta)
        return per_datapoint(self.clipped * (difference - self.clipped / 2))

    def gradient(self) -> Array:
        return self.clipped

    def conventions(self) -> str:
        return f"delta={self.delta:g}, 1/2 d^2 near 0, sum over features"

    @classmethod
    def example(cls, rng: Seed) -> tuple[HuberLoss, tuple[Array, Array]]:
        """A loss, and a prediction with differences on both sides of delta."""
        difference = np.array([[0.3, -2.0, 0.7], [-0.6, 1.4, 3.0]])
        y = generator(rng).normal(size=(2, 3))
        return cls(), (y + difference, y)
