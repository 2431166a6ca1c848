"""Broken linear layers: gradients of parameters that are transposed, unsummed, averaged, or moved too early."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.rng import Seed, generator


class Affine(Layer):
    """What the broken linear layers below have in common: x_out = x_in W^T + b, and nothing wrong with it."""

    n_in, n_out = 4, 3

    def __init__(self, rng: Seed = 0) -> None:
        rng = generator(rng)
        self.params = {"W": rng.normal(size=(self.n_out, self.n_in)), "b": rng.normal(size=self.n_out)}

    def forward(self, x_in: Any) -> Array:
        self.x_in = x_in
        return x_in @ self.params["W"].T + self.params["b"]

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"], {"W": g_out.T @ self.x_in, "b": g_out.sum(axis=0)}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Affine, Array]:
        """A small layer and an input."""
        rng = generator(rng)
        return cls(rng), rng.normal(size=(5, cls.n_in))


class SquareLinear(Affine):
    """As many outputs as inputs, so that every product fits.

    The mistake: dW is the transpose of what it should be, x_in^T g_out for g_out^T x_in.
    """

    n_out = 4

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"], {"W": self.x_in.T @ g_out, "b": g_out.sum(axis=0)}


class BackAgain(Affine):
    """As many outputs as inputs, once more.

    The mistake: g_in is g_out W^T; forward multiplied by W^T, so backward must multiply by W.
    """

    n_out = 4

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"].T, {"W": g_out.T @ self.x_in, "b": g_out.sum(axis=0)}


class BiasForEach(Affine):
    """A bias is added to every row.

    The mistake: db is g_out itself, without the sum over the batch.
    """

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"], {"W": g_out.T @ self.x_in, "b": g_out}


class RowByRow(Affine):
    """dW as a loop over datapoints.

    The mistake: = in place of += in the loop, so only the last datapoint counts.
    """

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        for g, x in zip(g_out, self.x_in, strict=True):
            dW = np.outer(g, x)
        return g_out @ self.params["W"], {"W": dW, "b": g_out.sum(axis=0)}


class Averaging(Affine):
    """Gradients that do not grow with the batch.

    The mistake: mean instead of sum; the loss has divided by N already.
    """

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"], {"W": g_out.T @ self.x_in / len(g_out), "b": g_out.mean(axis=0)}


class WrongAxis(Affine):
    """As many datapoints as outputs, so that no shape gives it away.

    The mistake: db sums over axis 1, the outputs; the batch is axis 0.
    """

    n_out = 5

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out @ self.params["W"], {"W": g_out.T @ self.x_in, "b": g_out.sum(axis=1)}


class Eager(Affine):
    """Learns while it goes back.

    The mistake: it updates W before g_in is computed, in backward, where only update may.
    """

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        dW = g_out.T @ self.x_in
        self.params["W"] -= 0.1 * dW
        return g_out @ self.params["W"], {"W": dW, "b": g_out.sum(axis=0)}


class Replacing(Affine):
    """An update of its own.

    The mistake: update puts new arrays in the place of the parameters; whoever is tied to the old ones is left behind.
    """

    def update(self, param_grads: Any, lr: float) -> None:
        for name, g in param_grads.items():
            self.params[name] = self.params[name] - lr * g
