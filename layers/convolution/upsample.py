"""Upsampling: each pixel becomes a block of equal pixels, the way back of a pooling that sums."""

from __future__ import annotations

from typing import Any

from layers.base import Array, Gradients, Layer
from layers.convolution.windows import check_space, per_axis, short
from layers.rng import Seed, generator


class Upsample2d(Layer):
    """Images enlarged by whole factors, each pixel repeated (nearest neighbour).

    Equation:  x_out[h, w] = x_in[h // factor, w // factor]
               g_in[h, w] = sum of g_out over the block of the pixel
    Shapes:    x_in (..., C, H, W), x_out (..., C, H factor, W factor)
    Raises:    ShapeError if x_in has fewer than three axes
    Source:    a Branch at every pixel: chapter 14.7

    >>> layer = Upsample2d((1, 3))
    >>> layer.forward([[[1.0, 2.0]]])
    array([[[1., 1., 1., 2., 2., 2.]]])
    >>> layer.backward([[[1.0, 10.0, 100.0, 0.0, 0.0, 5.0]]])[0]
    array([[[111.,   5.]]])
    """

    def __init__(self, factor: int | tuple[int, int]) -> None:
        self.factor = per_axis("Upsample2d: factor", factor, 2)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        check_space(self, x_in, 2)
        self.shape = x_in.shape
        return self.send(x_in.repeat(self.factor[0], axis=-2).repeat(self.factor[1], axis=-1))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        *lead, high, wide = self.shape
        blocks = g_out.reshape(*lead, high, self.factor[0], wide, self.factor[1])
        return blocks.sum((-3, -1)), {}

    def __repr__(self) -> str:
        return f"Upsample2d({short(self.factor)})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Upsample2d, Array]:
        """A small layer and an input."""
        return cls((2, 3)), generator(rng).normal(size=(2, 3, 2, 3))
