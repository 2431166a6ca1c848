"""What is measured beside the loss: the cost on held-out data, and accuracy where labels are classes."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from graph.predict import predict
from layers.base import Array, Layer
from losses import BinaryCrossEntropy


def held_out(model: Layer, loss: Layer, x: Any, y: Any) -> tuple[float, float | None]:
    """(J, accuracy or None) over all of x and y, in eval mode; model and loss stay as they were.

    >>> from layers import Linear
    >>> from losses import SoftmaxCrossEntropy
    >>> model = Linear.from_arrays([[1.0], [-1.0]])    # two classes with the scores x and -x
    >>> J, accuracy = held_out(model, SoftmaxCrossEntropy(), np.zeros((2, 1)), np.array([0, 1]))
    >>> round(J, 4), accuracy                          # scores equal: log 2; a tie is decided for class 0
    (0.6931, 0.5)
    """
    with np.errstate(all="ignore"):  # a cost that is not finite is written down as it is
        y_hat = predict(model, x)
        J = float(copy.copy(loss).forward(y_hat, y))
    accuracy = RunningAccuracy(loss)
    accuracy.add(y_hat, y)
    return J, accuracy.take()


class RunningAccuracy:
    """The share of labels that the scores get right, over the batches of an epoch.

    A label is the index of the class with the highest score; for BinaryCrossEntropy, 1 where the score is above 0.
    Labels that are not whole numbers are no classes, and there is no accuracy.

    Scores are copied and counted some thousand at a time: counting every small batch would cost a visible part of its
    step, and so would keeping the batches themselves alive, which then are in the way of the memory that is warm.

    >>> accuracy = RunningAccuracy(loss=None)
    >>> accuracy.add(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    >>> accuracy.take()
    0.5
    """

    def __init__(self, loss: Any) -> None:
        self.binary = isinstance(loss, BinaryCrossEntropy)
        self.right = self.seen = self.kept = self.room = 0

    def add(self, y_hat: Any, y: Any) -> None:
        """One batch; passed over unless y holds classes."""
        end = self.kept + len(y)
        if end > self.room:
            self.count()
            if not self._are_classes(y_hat, y):
                return
            end = len(y)
            if end > self.room:
                self._make_room(y_hat, y)
        self.scores[self.kept : end] = y_hat
        self.labels[self.kept : end] = y
        self.kept = end

    def _are_classes(self, y_hat: Any, y: Any) -> bool:
        if type(y) is not np.ndarray or y.dtype.kind not in "iub":
            return False
        return (np.shape(y_hat) if self.binary else np.shape(y_hat)[:-1]) == y.shape

    def _make_room(self, y_hat: Array, y: Array) -> None:
        self.room = max(len(y), 20_000 * len(y) // max(1, y_hat.size))
        self.scores = np.empty((self.room, *y_hat.shape[1:]), y_hat.dtype)
        self.labels = np.empty((self.room, *y.shape[1:]), y.dtype)

    def count(self) -> None:
        """Count what is kept."""
        if self.kept:
            scores, labels = self.scores[: self.kept], self.labels[: self.kept]
            self.right += int(np.count_nonzero((scores > 0 if self.binary else scores.argmax(-1)) == labels))
            self.seen += labels.size
            self.kept = 0

    def take(self) -> float | None:
        """The accuracy so far, or None where there was nothing to count; and start anew."""
        self.count()
        accuracy = self.right / self.seen if self.seen else None
        self.right = self.seen = 0
        return accuracy
