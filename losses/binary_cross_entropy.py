"""Sigmoid and cross-entropy in one: a score for yes against no, and the surprise at the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import numbers
from layers.base import Array
from layers.errors import ShapeError
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class BinaryCrossEntropy(Loss):
    """Minus the log-probability of the answers, each a yes (1), a no (0), or a probability between.

    Equation:  p = 1 / (1 + exp(-y_hat)),  J_i = -sum_k w_k (y_ik log p_ik + (1 - y_ik) log(1 - p_ik))
               g_in = w (p - y) g_out/N                ("mean"; w is the weight of each feature, 1 unless given)
    Shapes:    y_hat (logits), y, g_in (N, ...); or (n,), one datapoint of n answers; or (), one answer
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch; ValueError for y outside of 0 to 1
    Source:    SoftmaxCrossEntropy for two classes with the scores y_hat and 0; the 1/N is equation 14.11

    It is computed as max(y_hat, 0) - y y_hat + log(1 + exp(-|y_hat|)), the same number without an overflow.

    >>> loss = BinaryCrossEntropy()
    >>> J = loss.forward([[0.0], [np.log(3.0)]], [[1.0], [0.0]])
    >>> print(f"{np.exp(2 * J):.4f}")                  # J = (log 2 + log 4) / 2, so exp(2 J) = 8
    8.0000
    >>> loss.backward()[0]                             # (1/2 - 1) / 2 and (3/4 - 0) / 2
    array([[-0.25 ],
           [ 0.375]])
    """

    def __init__(self, *, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.weight = numbers("BinaryCrossEntropy", "weight", 1.0 if weight is None else weight)

    def receive_target(self, y_hat: Any, y: Any) -> tuple[Array, Array]:
        y_hat, y = super().receive_target(y_hat, y)
        wrong = ~((y >= 0) & (y <= 1))
        if wrong.any():
            raise ValueError(f"{self!r}: y must lie between 0 and 1, got {y[wrong][0]}")
        return y_hat, y

    def values(self, y_hat: Array, y: Array) -> Array:
        if self.weight.shape not in ((), y_hat.shape[1:]):
            one_each = f"one number or {y_hat.shape[1:]}, one for each feature"
            raise ShapeError(f"weight must be {one_each}, got {self.weight.shape}", repr(self))
        small = np.exp(-np.abs(y_hat))  # at most 1
        self.p = np.where(y_hat >= 0, 1, small) / (1 + small)
        self.y = y
        self.w = self.weight.astype(y_hat.dtype)
        return per_datapoint(self.w * (np.maximum(y_hat, 0) - y * y_hat + np.log1p(small)))

    def gradient(self) -> Array:
        return self.w * (self.p - self.y)

    def conventions(self) -> str:
        weight = "" if self.weight.shape == () and self.weight == 1 else f", weight={self.weight.tolist()}"
        return f"logits, sum over features{weight}"

    @classmethod
    def example(cls, rng: Seed) -> tuple[BinaryCrossEntropy, tuple[Array, Array]]:
        """A loss, and logits with their answers."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 2)), rng.integers(2, size=(5, 2)))
