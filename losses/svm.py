"""The multiclass hinge of the support vector machine: every wrong class must stay a margin below the right one."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.rng import Seed, generator
from losses.base import per_datapoint
from losses.labels import LabelLoss


class SVMLoss(LabelLoss):
    """By how much the wrong classes come too close to the right one, summed over the wrong classes.

    Equation:  J_i = sum_{j != y_i} max(0, y_hat_ij - y_hat_iy + margin)
               g_in_ij = open_ij g_out/N, g_in_iy = -(sum_j open_ij) g_out/N    ("mean")
               with open_ij = 1 if the hinge of the wrong class j is above 0, else 0
    Shapes:    y_hat (N, C) scores with y (N,) labels, or (C,) with one label; g_in like y_hat
    Raises:    ShapeError if y has not one label for each row; DtypeError for labels that are not integers
               ValueError for a label outside of 0 to C - 1
    Source:    the slides' multiclass SVM loss; equation 14.11 for the 1/N

    A hinge that is exactly 0 is closed. Some books square the hinges or divide by C: not here.

    >>> loss = SVMLoss()
    >>> float(loss.forward([3.0, 5.0, -2.0], 0))       # max(0, 5 - 3 + 1) + max(0, -2 - 3 + 1) = 3 + 0
    3.0
    >>> loss.backward()[0]                             # one hinge is open
    array([-1.,  1.,  0.])
    """

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = number("SVMLoss", "margin", margin, least=0.0)

    def values(self, y_hat: Array, y: Array) -> Array:
        self.right = y[..., None]
        hinges = y_hat - np.take_along_axis(y_hat, self.right, axis=-1) + self.margin
        np.put_along_axis(hinges, self.right, 0, axis=-1)
        self.open = hinges > 0
        return per_datapoint(hinges * self.open)

    def gradient(self) -> Array:
        g_in = self.open.astype(self._sent[1])
        np.put_along_axis(g_in, self.right, -g_in.sum(axis=-1, keepdims=True), axis=-1)
        return g_in

    def conventions(self) -> str:
        return f"margin={self.margin:g}, hinges summed over the wrong classes"

    @classmethod
    def example(cls, rng: Seed) -> tuple[SVMLoss, tuple[Array, Array]]:
        """A loss, and scores with their labels, away from the kinks."""
        y_hat = 3 * np.array([[0.1, 0.6, 0.35], [0.9, 0.2, 0.0], [0.15, 0.4, 0.8], [0.5, 0.6, 0.7]])
        return cls(), (y_hat, generator(rng).integers(3, size=4))
