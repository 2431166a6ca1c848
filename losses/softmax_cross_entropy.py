"""Softmax and cross-entropy in one: scores in, the surprise at the right class out."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint
from losses.weighted_labels import WeightedLabelLoss


class SoftmaxCrossEntropy(WeightedLabelLoss):
    """Minus the log of the probability that softmax gives to the right class.

    Equation:  p_ic = exp(y_hat_ic) / sum_k exp(y_hat_ik),  J_i = -log p_iy
               g_in = (p - onehot(y)) g_out/N          ("mean"; without the 1/N for "sum" and "none")
               with options: q_ic = weight_c ((1 - label_smoothing) onehot(y_i)_c + label_smoothing / C), 0 if ignored,
               J_i = -sum_c q_ic log p_ic,  g_in_i = (p_i sum_c q_ic - q_i) g_out/N, N the sum of weight[y_i]
    Shapes:    y_hat (N, C) logits with y (N,) labels, or (C,) with one label; p and g_in like y_hat
               y shaped like y_hat and of floats holds a probability for each class, in the place of onehot(y)
    Raises:    ShapeError if y has not one label for each row; DtypeError for labels that are not integers
               ValueError for a label outside of 0 to C - 1, or a probability outside of 0 to 1
    Source:    the slides' "use softmax instead of SVM"; equation 14.11 for the 1/N

    The largest score is subtracted first: it cancels in p, and no exponential can overflow.

    >>> loss = SoftmaxCrossEntropy()
    >>> J = loss.forward([[0.0, 0.0], [0.0, np.log(3.0)]], [0, 1])
    >>> print(f"{np.exp(2 * J):.4f}")                  # J = (log 2 + log 4/3) / 2, so exp(2 J) = 2 * 4/3
    2.6667
    >>> loss.backward()[0]                             # ((1/2, 1/2) - (1, 0)) / 2, ((1/4, 3/4) - (0, 1)) / 2
    array([[-0.25 ,  0.25 ],
           [ 0.125, -0.125]])
    """

    def __init__(
        self,
        *,
        weight: Any = None,
        label_smoothing: float = 0.0,
        ignore_index: int | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction)
        self.label_smoothing = number("SoftmaxCrossEntropy", "label_smoothing", label_smoothing)
        if not 0 <= self.label_smoothing <= 1:
            raise ValueError(f"SoftmaxCrossEntropy: label_smoothing must lie between 0 and 1, got {label_smoothing}")
        self.plain = weight is None and ignore_index is None and not label_smoothing
        self.like: tuple | None = None  # the shape and dtype that `ones` and `row_starts` were made for

    def receive_target(self, y_hat: Any, y: Any) -> tuple[Array, Array]:
        if type(y) is not np.ndarray:
            y = self.as_array(y)
        if y.dtype.kind != "f" or not y.ndim or y.shape != np.shape(y_hat):
            return super().receive_target(y_hat, y)
        if not ((y >= 0) & (y <= 1)).all():
            raise ValueError(f"{self!r}: y must hold probabilities, each between 0 and 1")
        return Loss.receive_target(self, y_hat, y)

    def values(self, y_hat: Array, y: Array) -> Array:
        # row sums as products, right classes as places in the flat array: 2.2 us less than p.sum and p[row, y],
        # 5% of a step of 2-16-16-1
        if self.like != (y_hat.shape, y_hat.dtype):
            self.like, C = (y_hat.shape, y_hat.dtype), y_hat.shape[-1]
            self.ones, self.row_starts = np.ones((C, 1), y_hat.dtype), np.arange(0, y_hat.size, C)
        # the largest by its place: a quarter of the time of max over short rows, 3% of 64-128-64-10 at batch 1024
        largest = y_hat.take(y_hat.argmax(axis=-1).reshape(-1) + self.row_starts)
        scores = y_hat - largest.reshape(*y_hat.shape[:-1], 1)
        self.p = np.exp(scores)
        total = self.p.dot(self.ones)
        self.p /= total
        if not self.plain or y.dtype.kind == "f":
            self.q = self.soft_target(y_hat, y)
            return per_datapoint(self.q * (np.log(total) - scores))
        self.q = None  # a single 1 in each row, too few to write out
        self.right = self.row_starts + y.reshape(-1).astype(np.intp, copy=False)
        surprise = np.log(total).reshape(-1) - scores.take(self.right)
        return surprise if y.ndim == 1 else per_datapoint(surprise.reshape(y.shape))

    def gradient(self) -> Array:
        if self.q is not None:
            return self.p * self.q.sum(axis=-1, keepdims=True) - self.q
        g_in = self.p.copy()
        g_in.reshape(-1)[self.right] -= 1
        return g_in

    def soft_target(self, y_hat: Array, y: Array) -> Array:
        """q: how much each class counts for each datapoint, shaped like y_hat."""
        C = y_hat.shape[-1]
        if y.dtype.kind == "f":  # probabilities: each datapoint counts once in the mean, whatever the weights
            return self.class_weights(y_hat) * ((1 - self.label_smoothing) * y + self.label_smoothing / C)
        labels, kept, weight = self.weigh(y_hat, y)
        onehot = np.eye(C, dtype=y_hat.dtype)[labels]
        return weight * kept[..., None] * ((1 - self.label_smoothing) * onehot + self.label_smoothing / C)

    def conventions(self) -> str:
        smoothing = f"label_smoothing={self.label_smoothing:g}" if self.label_smoothing else ""
        return ", ".join(filter(None, ["logits and integer labels", smoothing, super().conventions()]))

    @classmethod
    def example(cls, rng: Seed) -> tuple[SoftmaxCrossEntropy, tuple[Array, Array]]:
        """A loss, and logits with their labels."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 4)), rng.integers(4, size=5))
