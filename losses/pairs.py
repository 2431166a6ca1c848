"""Losses that compare two predictions with each other: a tuple of two wires, and a verdict as the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients
from layers.errors import ShapeError
from layers.wires import float_arrays
from losses.base import Loss


class PairLoss(Loss):
    """A loss of y_hat = (a, b), two wires of one shape; y is a verdict on them. Inside, the two are one array (..., 2).

    Shapes:    a, b (N, ...) is a batch, (n,) one datapoint; g_in is a tuple like y_hat
    Raises:    ShapeError if a and b differ in shape, or y does not fit
    Source:    chapter 14.7: a layer of two inputs, and a gradient for each
    """

    axes = 2  # of one datapoint: (n, 2)

    def verdict_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape that y must have for wires of this shape."""
        return shape

    def receive_target(self, y_hat: Any, y: Any) -> tuple[Array, Array]:
        a, b = float_arrays(self, "y_hat", y_hat, 2)
        if a.shape != b.shape:
            raise ShapeError(f"y_hat must be two arrays of one shape, got {a.shape} and {b.shape}", repr(self))
        y_hat = self.receive_prediction(np.stack([a, b], axis=-1))
        return y_hat, self.receive_like(y, self.verdict_shape(a.shape), a.dtype)

    def backward(self, g_out: Any = None) -> tuple[tuple[Array, Array], Gradients]:
        """(g_in of a, g_in of b), and no gradients of parameters."""
        g_in, param_grads = super().backward(g_out)
        return (g_in[..., 0].copy(), g_in[..., 1].copy()), param_grads
