"""Softmax and cross-entropy in one: scores in, the surprise at the right class out."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.rng import Seed, generator
from losses.base import per_datapoint
from losses.labels import LabelLoss


class SoftmaxCrossEntropy(LabelLoss):
    """Minus the log of the probability that softmax gives to the right class.

    Equation:  p_ic = exp(y_hat_ic) / sum_k exp(y_hat_ik),  J_i = -log p_iy
               g_in = (p - onehot(y)) g_out/N          ("mean"; without the 1/N for "sum" and "none")
    Shapes:    y_hat (N, C) logits with y (N,) labels, or (C,) with one label; p and g_in like y_hat
    Raises:    ShapeError if y has not one label for each row; DtypeError for labels that are not integers
               ValueError for a label outside of 0 to C - 1
    Source:    the slides on softmax; equation 14.11 for the 1/N

    The largest score is subtracted first: it cancels in p, and no exponential can overflow.

    >>> loss = SoftmaxCrossEntropy()
    >>> J = loss.forward([[0.0, 0.0], [0.0, np.log(3.0)]], [0, 1])
    >>> print(f"{np.exp(2 * J):.4f}")                  # J = (log 2 + log 4/3) / 2, so exp(2 J) = 2 * 4/3
    2.6667
    >>> loss.backward()[0]                             # ((1/2, 1/2) - (1, 0)) / 2, ((1/4, 3/4) - (0, 1)) / 2
    array([[-0.25 ,  0.25 ],
           [ 0.125, -0.125]])
    """

    def values(self, y_hat: Array, y: Array) -> Array:
        self.rows = (*np.indices(y.shape, sparse=True), y) if y.ndim > 1 else (np.arange(len(y)), y)
        scores = y_hat - np.maximum.reduce(y_hat, axis=-1, keepdims=True)
        self.p = np.exp(scores)
        total = np.add.reduce(self.p, axis=-1, keepdims=True)
        self.p /= total
        surprise = np.log(total[..., 0]) - scores[self.rows]
        return surprise if y.ndim == 1 else per_datapoint(surprise)

    def gradient(self) -> Array:
        g_in = self.p.copy()
        g_in[self.rows] -= 1
        return g_in

    def conventions(self) -> str:
        return "logits and integer labels"

    @classmethod
    def example(cls, rng: Seed) -> tuple[SoftmaxCrossEntropy, tuple[Array, Array]]:
        """A loss, and logits with their labels."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 4)), rng.integers(4, size=5))
