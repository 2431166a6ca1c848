"""The Kullback-Leibler divergence: how many nats one distribution wastes where another is true."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class KLDivLoss(Loss):
    """From the target distribution y to the prediction, given as log-probabilities (a LogSoftmax's x_out).

    Equation:  J_i = sum_k y_ik (log y_ik - y_hat_ik)          (0 log 0 is 0)
               g_in = -y g_out/N                       ("mean"; without the 1/N for "sum" and "none")
               with log_target=True, y holds logarithms too, and exp(y) stands where y stands here
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n classes; or (), one number
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch; a negative y gives nan
    Source:    SoftmaxCrossEntropy less the entropy of y; the 1/N is equation 14.11 (PyTorch's "batchmean")

    >>> loss = KLDivLoss()
    >>> float(loss.forward([[-1.0, -2.0], [-3.0, -1.0]], [[1.0, 0.0], [0.0, 1.0]]))    # (1 + 1) / 2
    1.0
    >>> loss.backward()[0] + 0                         # -y / 2 (+ 0 turns -0 into 0)
    array([[-0.5,  0. ],
           [ 0. , -0.5]])
    """

    def __init__(self, *, log_target: bool = False, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.log_target = bool(log_target)

    def values(self, y_hat: Array, y: Array) -> Array:
        if self.log_target:
            self.y, log_y = np.exp(y), y
        else:
            with np.errstate(invalid="ignore"):  # the logarithm of a negative number is nan, and J says so
                self.y, log_y = y, np.log(np.where(y == 0, 1, y))
        return per_datapoint(self.y * (log_y - y_hat))

    def gradient(self) -> Array:
        return -self.y

    def conventions(self) -> str:
        return f"log-probabilities against {'log-' * self.log_target}probabilities, sum over classes"

    @classmethod
    def example(cls, rng: Seed) -> tuple[KLDivLoss, tuple[Array, Array]]:
        """A loss, and log-probabilities with a target distribution."""
        rng = generator(rng)
        return cls(), (np.log(rng.dirichlet(np.ones(4), size=5)), rng.dirichlet(np.ones(4), size=5))
