"""Priors: what an input should look like apart from the objective, as a cost with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.arguments import number
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class L2Prior(Layer):
    """Inputs near zero: every pixel pays for its square.

    Equation:  R = strength * sum of x^2               (no 1/2)
               g_in = 2 * strength * x * g_out
    Shapes:    x (...), R one number
    Raises:    ShapeError if g_out is not one number
    Source:    chapter 14.9, priors that keep an optimized input near to a natural one

    >>> prior = L2Prior(0.5)
    >>> float(prior.forward([1.0, -3.0]))              # 0.5 * (1 + 9)
    5.0
    >>> prior.backward()[0]
    array([ 1., -3.])
    """

    def __init__(self, strength: float) -> None:
        self.strength = number("L2Prior", "strength", strength, least=0.0)

    def forward(self, x_in: Any) -> Any:
        self.x_in = self.receive(x_in)
        return self.send(self.strength * np.square(self.x_in).sum())

    def backward(self, g_out: Any = 1.0) -> tuple[Array, Gradients]:
        return 2.0 * self.strength * self.receive_gradient(g_out) * self.x_in, {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.strength:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[L2Prior, Array]:
        """A prior and an input."""
        return cls(0.5), generator(rng).normal(size=(5, 4))


class TotalVariation(Layer):
    """Images of even areas with few edges: every pixel pays for its distance to the one below and the one beside it.

    Equation:  R = strength * sum of |x[i+1, j] - x[i, j]| + |x[i, j+1] - x[i, j]|
               g_in[p] = strength * g_out * (sum over its neighbours q of sign(x[p] - x[q]))
    Shapes:    x (..., H, W), or rows (..., H * W) with image_shape=(H, W); R one number
    Raises:    ShapeError if x is no image, or does not fill image_shape
    Source:    Rudin, Osher and Fatemi 1992; as a prior for networks' inputs Mahendran and Vedaldi 2015

    >>> prior = TotalVariation(0.5)
    >>> float(prior.forward([[0.0, 1.0], [0.0, 3.0]]))           # 0.5 * (1 + 3 beside, 0 + 2 below)
    3.0
    >>> prior.backward()[0]
    array([[-0.5,  0. ],
           [-0.5,  1. ]])
    """

    def __init__(self, strength: float, image_shape: tuple[int, int] | None = None) -> None:
        self.strength = number("TotalVariation", "strength", strength, least=0.0)
        self.image_shape = image_shape

    def forward(self, x_in: Any) -> Any:
        x_in = self.receive(x_in)
        self.x_in, self.images = x_in, as_images(self, x_in, self.image_shape)
        down, across = np.diff(self.images, axis=-2), np.diff(self.images, axis=-1)
        return self.send(self.strength * (np.abs(down).sum() + np.abs(across).sum()))

    def backward(self, g_out: Any = 1.0) -> tuple[Array, Gradients]:
        g_out = self.strength * self.receive_gradient(g_out)
        g_in = np.zeros_like(self.images)
        down = np.sign(np.diff(self.images, axis=-2))
        across = np.sign(np.diff(self.images, axis=-1))
        g_in[..., 1:, :] += down
        g_in[..., :-1, :] -= down
        g_in[..., 1:] += across
        g_in[..., :-1] -= across
        return (g_out * g_in).reshape(self.x_in.shape), {}

    def __repr__(self) -> str:
        return f"TotalVariation({self.strength:g}, image_shape={self.image_shape})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[TotalVariation, Array]:
        """A prior and a batch of small images without equal neighbours."""
        return cls(0.5), generator(rng).permutation(60).reshape(5, 3, 4) / 10.0


def as_images(layer: Any, x: Array, image_shape: tuple[int, ...] | None) -> Array:
    """x as images (..., H, W): as it is, or with the last axis folded.

    >>> as_images("a prior", np.ones((5, 64)), (8, 8)).shape
    (5, 8, 8)
    """
    if image_shape is None:
        if x.ndim < 2:
            raise ShapeError(f"x must be an image (..., H, W), got {x.shape}: for rows say image_shape", repr(layer))
        return x
    if x.shape[-1:] == (np.prod(image_shape, dtype=int),):
        return x.reshape(*x.shape[:-1], *image_shape)
    if x.shape[-len(image_shape) :] == tuple(image_shape):
        return x
    raise ShapeError(f"x must fill images of {tuple(image_shape)}, got {x.shape}", repr(layer))
