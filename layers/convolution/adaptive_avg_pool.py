"""Adaptive average pooling: as many patches as asked for, whatever the size of the image."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.convolution.windows import check_space, short
from layers.rng import Seed, generator


class AdaptiveAvgPooling(Layer):
    """Means over patches that share out each axis evenly; AdaptiveAvgPool1d and 2d say how many axes space has.

    Equation:  x_out = A x_in along each axis, A[i, q] = 1 / (length of patch i) where q is in patch i, else 0
               g_in = A^T g_out along each axis
               patch i of m on an axis of length n goes from floor(i n / m) up to ceil((i + 1) n / m)
    Shapes:    x_in (..., C, *space), x_out (..., C, *size), where None in `size` keeps that axis
    Raises:    ShapeError if x_in has fewer axes than space and channels; ValueError for a size below 1
    Source:    He, Zhang, Ren and Sun 2014, "Spatial pyramid pooling"
    """

    n_space: int  # axes of space: 1 or 2

    def __init__(self, size: int | tuple[int | None, ...] | None) -> None:
        sizes = size if isinstance(size, tuple) else (size,) * self.n_space
        kind = type(self).__name__
        if len(sizes) != self.n_space:
            raise ValueError(f"{kind}: size must be one number for each of {self.n_space}, got {size}")
        self.size = tuple(None if n is None else whole(kind, "size", n, least=1) for n in sizes)

    def forward(self, x_in: Any) -> Array:
        x = self.receive(x_in)
        check_space(self, x, self.n_space)
        lengths = x.shape[-self.n_space :]
        self.A = [_shares(m or n, n, x.dtype) for m, n in zip(self.size, lengths, strict=True)]
        return self.send(self._along_each_axis(self.A, x))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        return self._along_each_axis([A.T for A in self.A], g_out), {}

    def _along_each_axis(self, matrices: list[Array], x: Array) -> Array:
        for axis, A in enumerate(matrices, start=-self.n_space):
            x = np.moveaxis(np.moveaxis(x, axis, -1) @ A.T, -1, axis)
        return x

    def __repr__(self) -> str:
        return f"{type(self).__name__}({short(self.size)})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer whose patches overlap, and an input."""
        return cls(3), generator(rng).normal(size=(2, 3, *(5, 4)[: cls.n_space]))


class AdaptiveAvgPool1d(AdaptiveAvgPooling):
    """Average pooling along one axis to a given length.

    Equation:  x_out = x_in A^T, A[i, q] = 1 / (length of patch i) where q is in patch i
               g_in = g_out A
    Shapes:    x_in (..., C, L), x_out (..., C, size)
    Raises:    ShapeError if x_in has fewer than two axes
    Source:    He, Zhang, Ren and Sun 2014, "Spatial pyramid pooling"; see AdaptiveAvgPooling

    >>> layer = AdaptiveAvgPool1d(2)
    >>> layer.forward([[1.0, 3.0, 7.0]])               # patches of two that share the middle
    array([[2., 5.]])
    >>> layer.backward([[10.0, 20.0]])[0]
    array([[ 5., 15., 10.]])
    """

    n_space = 1


class AdaptiveAvgPool2d(AdaptiveAvgPooling):
    """Average pooling of images to a given size: what lets one classifier take images of any size.

    Equation:  x_out = A x_in B^T, A and B as in AdaptiveAvgPooling for the rows and the columns
               g_in = A^T g_out B
    Shapes:    x_in (..., C, H, W), x_out (..., C, *size)
    Raises:    ShapeError if x_in has fewer than three axes
    Source:    He, Zhang, Ren and Sun 2014, "Spatial pyramid pooling"; see AdaptiveAvgPooling

    >>> layer = AdaptiveAvgPool2d((1, None))           # one row, as many columns as there are
    >>> layer.forward([[[1.0, 2.0], [3.0, 6.0]]])
    array([[[2., 4.]]])
    >>> layer.backward([[[8.0, 10.0]]])[0]
    array([[[4., 5.],
            [4., 5.]]])
    """

    n_space = 2


def _shares(m: int, n: int, dtype: np.dtype) -> Array:
    """The (m, n) matrix whose row i takes the mean of patch i."""
    A = np.zeros((m, n), dtype)
    for i in range(m):
        patch = slice(i * n // m, -(-(i + 1) * n // m))
        A[i, patch] = 1.0 / (patch.stop - patch.start)
    return A
