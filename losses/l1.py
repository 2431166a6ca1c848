"""The absolute error: far points pull no harder than near ones."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class L1Loss(Loss):
    """Sum over features of the distances to the target.

    Equation:  J_i = sum_k |y_hat_ik - y_ik|
               g_in = sign(y_hat - y) g_out/N          ("mean"; without the 1/N for "sum" and "none")
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n features; or (), one number
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch
    Source:    the sibling of the chapter's L2 loss (14.6.3); the 1/N is equation 14.11

    At the kink, y_hat = y, the slope is 0.

    >>> loss = L1Loss()
    >>> float(loss.forward([[1.0, 2.0], [5.0, -3.0]], [[0.0, 2.0], [2.0, 1.0]]))    # (1 + 0 + 3 + 4) / 2
    4.0
    >>> loss.backward()[0]                             # the signs of 1, 0, 3, -4, halved
    array([[ 0.5,  0. ],
           [ 0.5, -0.5]])
    """

    def values(self, y_hat: Array, y: Array) -> Array:
        difference = y_hat - y
        self.sign = np.sign(difference)
        return per_datapoint(np.abs(difference))

    def gradient(self) -> Array:
        return self.sign

    def conventions(self) -> str:
        return "sum over features, slope 0 at 0"

    @classmethod
    def example(cls, rng: Seed) -> tuple[L1Loss, tuple[Array, Array]]:
        """A loss, and a prediction away from its target."""
        rng = generator(rng)
        y, difference = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
        return cls(), (y + difference + 0.1 * np.sign(difference), y)
