"""The loss: a layer with a target, whose output is the cost J that all the gradients are gradients of."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import BackwardBeforeForwardError, ShapeError
from layers.wires import described, float_array

REDUCTIONS = {"mean": "mean over datapoints", "sum": "sum over datapoints", "none": "one number a datapoint"}


class Loss(Layer):
    """Compares a prediction with its target, datapoint by datapoint. Layers sum over the batch; the loss owns the 1/N.

    Equation:  J = 1/N sum_i J_i                       ("mean"; without the 1/N "sum"; J = (J_1 ... J_N) for "none")
               g_in_i = g_out/N dJ_i/dy_hat_i          (the same; g_out is 1 unless given)
    Shapes:    y_hat (n,) is one datapoint, so N = 1; y_hat (N, ...) is a batch, rows first; y_hat () is one number
               y is shaped like y_hat (one label fewer axis where y holds labels), g_in like y_hat
    Raises:    ShapeError if y does not fit y_hat (nothing is broadcast), or for an empty batch
    Source:    chapter 14.5, equation 14.11

    A loss of one's own defines `values(y_hat, y)`, every datapoint's J_i, and `gradient()`, dJ_i/dy_hat_i.

    >>> class Distance(Loss):
    ...     def values(self, y_hat, y):
    ...         self.sign = np.sign(y_hat - y)
    ...         return per_datapoint(np.abs(y_hat - y))
    ...     def gradient(self):
    ...         return self.sign
    >>> loss = Distance()
    >>> float(loss.forward([[1.0, 5.0], [0.0, 2.0]], [[2.0, 2.0], [0.0, 0.0]]))     # (4 + 2) / 2
    3.0
    >>> loss.backward()
    (array([[-0.5,  0.5],
           [ 0. ,  0.5]]), {})
    """

    axes = 1  # that one datapoint has, at most: more, and y_hat is a batch

    def __init__(self, *, reduction: str = "mean") -> None:
        if reduction not in list(REDUCTIONS):
            raise ValueError(f'{type(self).__name__}: reduction must be "mean", "sum" or "none", got {reduction!r}')
        self.reduction = reduction

    def values(self, y_hat: Array, y: Array) -> Array:
        """J_i of every datapoint, (N,); remembers what `gradient` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no values(y_hat, y)")

    def gradient(self) -> Array:
        """dJ_i/dy_hat_i of every datapoint, shaped like the batch."""
        raise NotImplementedError(f"{type(self).__name__} has no gradient()")

    def forward(self, y_hat: Any, y: Any) -> Any:
        """J, remembering what `backward` needs."""
        self._sent = None  # a forward that fails leaves no operating point
        y_hat, y = self.receive_target(y_hat, y)
        self.shape = y_hat.shape
        single = y_hat.ndim <= self.axes
        if single:
            y_hat, y = y_hat[None], y[None]
        self.N = len(y_hat)
        J = self.values(y_hat, y)
        if self.reduction != "none":
            J = np.add.reduce(J)
        elif single:
            J = J[0]
        return self.send(J / self.N if self.reduction == "mean" else J)

    def backward(self, g_out: Any = None) -> tuple[Array, Gradients]:
        """g_in, the gradient of J (times g_out), and no gradients of parameters."""
        if self._sent is None:
            raise BackwardBeforeForwardError("backward needs a forward pass first: call forward(y_hat, y)", repr(self))
        g_out = 1.0 if g_out is None else self.receive_gradient(g_out)
        g_in = self.gradient()
        if self.reduction == "mean":
            g_out = g_out / self.N
        elif np.ndim(g_out):
            g_out = g_out.reshape(-1, *[1] * (g_in.ndim - 1))
        g_in = g_in * g_out
        return g_in if g_in.shape == self.shape else g_in.reshape(self.shape), {}

    def receive_target(self, y_hat: Any, y: Any) -> tuple[Array, Array]:
        """The two as arrays of one shape and of y_hat's dtype, or an error."""
        y_hat = self.receive_prediction(y_hat)
        return y_hat, self.receive_like(y, y_hat.shape, y_hat.dtype)

    def receive_like(self, y: Any, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """y as an array of this very shape, or an error."""
        y = float_array(self, "y", y, dtype)
        if y.shape != shape:
            raise ShapeError(f"y must be shaped {shape} to fit y_hat, got {y.shape}", repr(self))
        return y

    def receive_prediction(self, y_hat: Any) -> Array:
        """y_hat as an array of floats that is not empty."""
        if type(y_hat) is not np.ndarray or y_hat.dtype.kind != "f":
            y_hat = float_array(self, "y_hat", y_hat)
        if not y_hat.size:
            raise ShapeError(f"y_hat is an empty batch, {described(y_hat)}: no datapoint, no cost", repr(self))
        return y_hat

    def conventions(self) -> str:
        """What differs between books, for the repr."""
        return ""

    def __repr__(self) -> str:
        parts = filter(None, [self.conventions(), REDUCTIONS[self.reduction]])
        return f"{type(self).__name__}({', '.join(parts)})"


def per_datapoint(elements: Array) -> Array:
    """The sum over everything but the first axis: one number a datapoint.

    >>> per_datapoint(np.ones((2, 3)))
    array([3., 3.])
    """
    return elements.reshape(len(elements), -1).sum(axis=1)
