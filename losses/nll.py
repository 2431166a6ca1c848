"""The negative log-likelihood: SoftmaxCrossEntropy without the softmax, for a network that ends in LogSoftmax."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.rng import Seed, generator
from losses.base import per_datapoint
from losses.weighted_labels import WeightedLabelLoss


class NLLLoss(WeightedLabelLoss):
    """Minus the log-probability of the right class.

    Equation:  J_i = -weight[y_i] y_hat_iy             (weight is 1 unless given, 0 for ignore_index)
               g_in_iy = -weight[y_i] g_out/N, all else 0    ("mean": N is the sum of weight[y_i])
    Shapes:    y_hat (N, C) log-probabilities with y (N,) labels, or (C,) with one label; g_in like y_hat
    Raises:    ShapeError if y has not one label for each row; DtypeError for labels that are not integers
               ValueError for a label outside of 0 to C - 1
    Source:    SoftmaxCrossEntropy in two blocks; equation 14.11 for the 1/N

    >>> loss = NLLLoss()
    >>> float(loss.forward([[-0.5, -1.0], [-2.0, -0.25]], [1, 0]))     # (1 + 2) / 2
    1.5
    >>> loss.backward()[0]
    array([[ 0. , -0.5],
           [-0.5,  0. ]])
    """

    def values(self, y_hat: Array, y: Array) -> Array:
        labels, kept, weight = self.weigh(y_hat, y)
        self.slope = np.zeros_like(y_hat)
        np.put_along_axis(self.slope, labels[..., None], -(weight[labels] * kept)[..., None], axis=-1)
        return -per_datapoint(weight[labels] * kept * np.take_along_axis(y_hat, labels[..., None], -1)[..., 0])

    def gradient(self) -> Array:
        return self.slope

    def conventions(self) -> str:
        return ", ".join(filter(None, ["log-probabilities and integer labels", super().conventions()]))

    @classmethod
    def example(cls, rng: Seed) -> tuple[NLLLoss, tuple[Array, Array]]:
        """A loss, and log-probabilities with their labels."""
        rng = generator(rng)
        return cls(), (np.log(rng.dirichlet(np.ones(4), size=5)), rng.integers(4, size=5))
