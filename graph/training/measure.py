"""What is measured beside the loss: the cost on held-out data, and accuracy where labels are classes."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from graph.sequential import Sequential
from layers.base import Layer


def held_out(model: Layer, loss: Layer, x: Any, y: Any) -> tuple[float, float | None]:
    """(J, accuracy or None) over all of x and y, in eval mode; model and loss stay as they were.

    >>> from layers import Linear
    >>> from losses import SoftmaxCrossEntropy
    >>> model = Linear.from_arrays([[1.0], [-1.0]])    # two classes with the scores x and -x
    >>> J, accuracy = held_out(model, SoftmaxCrossEntropy(), np.zeros((2, 1)), np.array([0, 1]))
    >>> round(J, 4), accuracy                          # scores equal: log 2; a tie is decided for class 0
    (0.6931, 0.5)
    """
    whole = model if hasattr(model, "predict") else Sequential(model)
    with np.errstate(all="ignore"):  # a cost that is not finite is written down as it is
        y_hat = whole.predict(x)
        J = float(copy.copy(loss).forward(y_hat, y))
    accuracy = RunningAccuracy()
    accuracy.add(y_hat, y)
    return J, accuracy.take()


class RunningAccuracy:
    """The share of datapoints whose class has the highest score, over the batches of an epoch.

    It counts where y holds the index of a class and y_hat has a score for each class on its last axis. Small batches
    are counted many at once: one by one they would cost a visible part of a small step.

    >>> accuracy = RunningAccuracy()
    >>> accuracy.add(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    >>> accuracy.take()
    0.5
    """

    def __init__(self) -> None:
        self.right = self.seen = 0
        self.kept: list[tuple[Any, Any]] = []
        self.room = 1  # how many batches to keep: set by the size of the last ones counted

    def add(self, y_hat: Any, y: Any) -> None:
        """One batch."""
        self.kept.append((y_hat, y))
        if len(self.kept) >= self.room:
            self.count()

    def count(self) -> None:
        """Count what is kept."""
        kept, self.kept = self.kept, []
        if kept and labels_are_classes(*kept[0]):
            self.room = max(1, min(64, 10_000 // max(1, kept[0][0].size)))
            y_hat, y = map(np.concatenate, zip(*kept, strict=True))
            self.right += int(np.count_nonzero(y_hat.argmax(-1) == y))
            self.seen += y.size

    def take(self) -> float | None:
        """The accuracy so far, or None where there was nothing to count; and start anew."""
        self.count()
        accuracy = self.right / self.seen if self.seen else None
        self.right = self.seen = 0
        return accuracy


def labels_are_classes(y_hat: Any, y: Any) -> bool:
    """Whether y holds indices of classes and y_hat a score for each class."""
    return type(y) is np.ndarray and y.dtype.kind in "iu" and np.shape(y_hat)[:-1] == y.shape
