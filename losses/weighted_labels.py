"""Labels that do not all count the same: a weight for each class, and a label that is passed over."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import numbers, whole
from layers.base import Array
from layers.errors import ShapeError
from losses.labels import LabelLoss


class WeightedLabelLoss(LabelLoss):
    """A loss over C classes where a datapoint counts as much as its class: weight[y], or 0 if y is ignore_index.

    Equation:  J = sum_i J_i / sum_i weight[y_i]       ("mean"; a weighted mean, which is 1/N where all weights are 1)
    Shapes:    weight (C,)
    Raises:    ShapeError if weight is not one number a class; ValueError if every label is ignored ("mean")
    Source:    equation 14.11 with weights; the options are named as in torch
    """

    def __init__(self, *, weight: Any = None, ignore_index: int | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        if weight is not None:
            weight = numbers(type(self).__name__, "weight", weight)
            if weight.ndim != 1:
                raise ValueError(f"{type(self).__name__}: weight must be one number a class, got {weight.shape}")
        self.weight = weight
        self.ignore_index = None if ignore_index is None else whole(type(self).__name__, "ignore_index", ignore_index)

    def class_weights(self, y_hat: Array) -> Array:
        """The weight of each class, (C,), in the dtype of y_hat."""
        C = y_hat.shape[-1]
        weight = np.ones(C) if self.weight is None else self.weight
        if weight.shape != (C,):
            raise ShapeError(f"weight must be ({C},), a number for each class, got {weight.shape}", repr(self))
        return weight.astype(y_hat.dtype)

    def weigh(self, y_hat: Array, y: Array) -> tuple[Array, Array, Array]:
        """The labels (0 where ignored), whether each is kept, and the classes' weights; sets what a mean divides by."""
        weight = self.class_weights(y_hat)
        kept = np.ones(y.shape, bool) if self.ignore_index is None else y != self.ignore_index
        labels = np.where(kept, y, 0)
        self.N = float(np.sum(weight[labels] * kept)) * len(y) / y.size
        if self.reduction == "mean" and not self.N:
            raise ValueError(f"{self!r}: no label counts, each is ignored or has weight 0: there is no mean")
        return labels, kept, weight

    def conventions(self) -> str:
        weights = "" if self.weight is None else f"weight={self.weight.tolist()}, a weighted mean"
        ignored = "" if self.ignore_index is None else f"ignore_index={self.ignore_index}"
        return ", ".join(filter(None, [weights, ignored]))
