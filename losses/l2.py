"""The squared error: the chapter's own loss, and the cost of regression."""

from __future__ import annotations

from layers.base import Array
from layers.rng import Seed, generator
from losses.base import Loss, per_datapoint


class L2Loss(Loss):
    """Squared distance to the target, summed over features, without the 1/2 that some books put in front.

    Equation:  J_i = sum_k (y_hat_ik - y_ik)^2
               g_in = 2 (y_hat - y) g_out/N            ("mean"; without the 1/N for "sum" and "none")
    Shapes:    y_hat, y, g_in (N, ...); or (n,), one datapoint of n features; or (), one number
    Raises:    ShapeError if y is not shaped like y_hat, or for an empty batch
    Source:    chapter 14.6.3, equations 14.34 and 14.35; the 1/N is equation 14.11

    >>> loss = L2Loss()
    >>> float(loss.forward([[1.0, 2.0], [0.0, 5.0]], [[0.0, 0.0], [0.0, 2.0]]))     # (1 + 4 + 9) / 2
    7.0
    >>> loss.backward()[0]                             # 2 (1, 2) / 2 and 2 (0, 3) / 2
    array([[1., 2.],
           [0., 3.]])
    """

    def values(self, y_hat: Array, y: Array) -> Array:
        self.difference = y_hat - y
        return per_datapoint(self.difference**2)

    def gradient(self) -> Array:
        return 2 * self.difference

    def conventions(self) -> str:
        return "sum over features, no 1/2"

    @classmethod
    def example(cls, rng: Seed) -> tuple[L2Loss, tuple[Array, Array]]:
        """A loss, and a prediction with its target."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 3)), rng.normal(size=(5, 3)))
