"""Global average pooling: an image becomes one number a channel, which is all that many classifiers look at."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.convolution.windows import check_space
from layers.rng import Seed, generator


class GlobalAvgPool2d(Layer):
    """The mean of each channel over the whole image.

    Equation:  x_out = sum over h, w of x_in / (H W)
               g_in = g_out / (H W), at every pixel
    Shapes:    x_in (..., C, H, W), x_out (..., C)
    Raises:    ShapeError if x_in has fewer than three axes
    Source:    Lin, Chen and Yan 2013, "Network in network"

    >>> layer = GlobalAvgPool2d()
    >>> layer.forward([[[1.0, 2.0], [3.0, 6.0]]])      # 12 / 4
    array([3.])
    >>> layer.backward([8.0])[0]
    array([[[2., 2.],
            [2., 2.]]])
    """

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        check_space(self, x_in, 2)
        self.shape = x_in.shape
        return self.send(x_in.mean((-2, -1)))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out) / prod(self.shape[-2:])
        return np.broadcast_to(g_out[..., None, None], self.shape).copy(), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[GlobalAvgPool2d, Array]:
        """The layer and an input."""
        return cls(), generator(rng).normal(size=(2, 3, 4, 3))
