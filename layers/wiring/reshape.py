"""Reshape: the numbers of each datapoint in another arrangement."""

from __future__ import annotations

import math
from typing import Any

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class Reshape(Layer):
    """Each datapoint in a given shape.

    Equation:  x_out[n] = x_in[n], in the given shape
               g_in = g_out, in the shape of x_in
    Shapes:    x_in (N, ...), x_out (N, *shape); one size may be -1, what is left over. A flat x_in (n,) that fills the
               shape is a single datapoint, and x_out has just the shape
    Raises:    ShapeError if the sizes do not go together, or g_out is not shaped like x_out
    Source:    chapter 14.6.1: a layer's input is a vector

    >>> layer = Reshape((2, 2))
    >>> layer.forward([[1.0, 2.0, 3.0, 4.0]])
    array([[[1., 2.],
            [3., 4.]]])
    >>> layer.backward([[[5.0, 6.0], [7.0, 8.0]]])[0]
    array([[5., 6., 7., 8.]])
    """

    def __init__(self, shape: int | tuple[int, ...]) -> None:
        sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
        self.shape = tuple(whole("Reshape", "shape", size) for size in sizes)
        if any(size < -1 for size in self.shape) or self.shape.count(-1) > 1:
            raise ValueError(f"Reshape: shape must hold sizes, and -1 at most once, got {shape}")

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        single = x_in.ndim == 1 and self._fits(x_in.size)
        batch = x_in.shape[: 0 if single else 1]
        n = math.prod(x_in.shape[len(batch) :])
        if not single and (not x_in.ndim or not self._fits(n)):
            raise ShapeError(
                f"x_in must be (N, ...) with datapoints that fill {self.shape}, got {x_in.shape}", repr(self)
            )
        self.shape_in = x_in.shape
        rest = n // abs(math.prod(self.shape) or 1)  # written out: in an empty batch numpy could not tell what -1 is
        self.shape_out = (*batch, *(rest if size == -1 else size for size in self.shape))
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        return x_in.reshape(self.shape_out)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        return g_out.reshape(self.shape_in), {}

    def _fits(self, n: int) -> bool:
        known = math.prod(size for size in self.shape if size != -1)
        return (known > 0 and n % known == 0) if -1 in self.shape else n == known

    def __repr__(self) -> str:
        return f"Reshape({self.shape})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Reshape, Array]:
        """A layer and a batch of rows."""
        return cls((2, -1)), generator(rng).normal(size=(5, 6))
