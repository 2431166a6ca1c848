"""What the pooling layers share: patches of one size, placed by stride, padding and dilation, channel by channel."""

from __future__ import annotations

from typing import Self

import numpy as np

from layers.base import Array, Layer
from layers.convolution.windows import check_space, n_places, per_axis, shifted, short
from layers.errors import ShapeError
from layers.rng import Seed, generator

Size = int | tuple[int, ...]


class Pooling(Layer):
    """A layer that makes one number of each patch of each channel; subclasses say which.

    Shapes:    x_in (..., C, *space), x_out (..., C, *places)
    Raises:    ValueError for a size below 1, or padding of more than half a patch; ShapeError for too little space

    Without a stride the patches lie side by side.
    """

    n_space: int  # axes of space: 1 or 2

    def __init__(self, kernel_size: Size, *, stride: Size | None = None, padding: Size = 0, dilation: Size = 1) -> None:
        name, n = type(self).__name__, self.n_space
        self.kernel_size = per_axis(f"{name}: kernel_size", kernel_size, n)
        self.stride = self.kernel_size if stride is None else per_axis(f"{name}: stride", stride, n)
        self.dilation = per_axis(f"{name}: dilation", dilation, n)
        widths = per_axis(f"{name}: padding", padding, n, least=0)
        if any(2 * p > k for p, k in zip(widths, self.kernel_size, strict=True)):
            raise ValueError(f"{name}: padding must be at most half of kernel_size={kernel_size}, got {padding}")
        self.padding = tuple((p, p) for p in widths)

    def check(self, x_in: Array) -> None:
        """Raise ShapeError unless x_in is (..., C, *space) with room for a patch."""
        check_space(self, x_in, self.n_space)
        space = [n + low + high for n, (low, high) in zip(x_in.shape[-self.n_space :], self.padding, strict=True)]
        if min(n_places(space, self.kernel_size, self.stride, self.dilation)) < 1:
            raise ShapeError(f"x_in must have room for a patch of {self.kernel_size}, got {x_in.shape}", repr(self))

    def entries(self, shape: tuple[int, ...], axis: int) -> list[tuple[slice, ...]]:
        """Along one axis of space: where in (C, *space, N) the first entry of each patch lies, the second, ..."""
        n, k, s, d = shape[axis + 1], self.kernel_size[axis], self.stride[axis], self.dilation[axis]
        places = n_places((n,), (k,), (s,), (d,))
        return [(slice(None),) * (axis + 1) + shifted((i,), places, (s,), (d,)) for i in range(k)]

    def __repr__(self) -> str:
        shown = f", stride={short(self.stride)}" * (self.stride != self.kernel_size)
        shown += f", padding={short(self.padding)}" * any(map(any, self.padding))
        shown += f", dilation={short(self.dilation)}" * (max(self.dilation) > 1)
        return f"{type(self).__name__}({short(self.kernel_size)}{shown})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer with patches that overlap, and an input without ties."""
        shape = (2, 3, *(5, 4, 3)[: cls.n_space])
        x_in = generator(rng).permutation(np.prod(shape)).reshape(shape) / 10
        return cls((3,) + (2,) * (cls.n_space - 1), stride=2, padding=1), x_in
