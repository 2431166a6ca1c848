"""The Poisson likelihood: for counts, whose spread grows with their mean."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class PoissonNLLLoss(Loss):
    """Minus the log-likelihood of counts y, up to the term log(y!) that no gradient sees.

    Equation:  J_i = sum_k exp(y_hat_ik) - y_ik y_hat_ik       (y_hat is the logarithm of the rate)
               g_in = (exp(y_hat) - y) g_out/N         ("mean"; without the 1/N for "sum" and "none")
               with log_input=False, y_hat is the rate itself: y_hat - y log(y_hat + eps), 1 - y / (y_hat + eps)
               full=True adds Stirling's log(y!) = y log y - y + log(2 pi y) / 2 where y > 1
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n counts; or (), one count
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch
    Source:    the likelihood of counts, as in torch; the 1/N is equation 14.11

    exp(y_hat) is the rate: it is infinite (and J with it) where y_hat is larger than a float's largest exponent, 709.

    >>> loss = PoissonNLLLoss()
    >>> float(loss.forward([[0.0, 0.0], [0.0, 0.0]], [[3.0, 1.0], [0.0, 2.0]]))     # exp(0), four times, halved
    2.0
    >>> loss.backward()[0]                             # (1 - y) / 2
    array([[-1. ,  0. ],
           [ 0.5, -0.5]])
    """

    def __init__(
        self, *, log_input: bool = True, full: bool = False, eps: float = 1e-8, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction=reduction)
        self.eps = number("PoissonNLLLoss", "eps", eps, above=0.0)
        self.log_input, self.full = bool(log_input), bool(full)

    def values(self, y_hat: Array, y: Array) -> Array:
        if self.log_input:
            with np.errstate(over="ignore"):
                rate = np.exp(y_hat)
            self.slope = rate - y
            J = rate - y * y_hat
        else:
            self.slope = 1 - y / (y_hat + self.eps)
            J = y_hat - y * np.log(y_hat + self.eps)
        if self.full:
            counts = np.where(y > 1, y, 1)
            J = J + np.where(y > 1, counts * np.log(counts) - counts + np.log(2 * np.pi * counts) / 2, 0)
        return per_datapoint(J)

    def gradient(self) -> Array:
        return self.slope

    def conventions(self) -> str:
        return f"{'log-' * self.log_input}rates, {'with' if self.full else 'without'} log(y!), sum over counts"

    @classmethod
    def example(cls, rng: Seed) -> tuple[PoissonNLLLoss, tuple[Array, Array]]:
        """A loss, and log-rates with their counts."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 3)), rng.poisson(2.0, size=(5, 3)))
