"""What a convolution and its transpose share: the kernel W, and how it is placed on the input."""

from __future__ import annotations

from math import prod
from typing import Any, Self

import numpy as np

from layers.arguments import float_dtype, whole
from layers.base import Array, Layer
from layers.convolution.windows import per_axis, short
from layers.errors import ShapeError
from layers.parameters import copied
from layers.rng import Seed, generator

Size = int | tuple[int, ...]


class KernelLayer(Layer):
    """A layer with a kernel W and a bias b, placed by stride, padding, dilation and groups; subclasses run it.

    Shapes:    W (n_rows, n_columns / groups, *kernel), b one number for each channel of x_out
    Raises:    ValueError for a size below 1, or for groups that do not divide the channels
    """

    n_space: int  # axes of space: 1 or 2
    transposed = False  # whether the rows of W are the channels of x_in, not of x_out

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        name = type(self).__name__
        numbers = {"in_channels": in_channels, "out_channels": out_channels, "groups": groups}
        in_channels, out_channels, groups = (whole(name, key, n, least=1) for key, n in numbers.items())
        if in_channels % groups or out_channels % groups:
            came = f"{in_channels}, {out_channels} and groups={groups}"
            raise ValueError(f"{name}: in_channels and out_channels must be divisible by groups, got {came}")
        dtype = float_dtype(name, dtype)
        kernel = per_axis(f"{name}: kernel_size", kernel_size, self.n_space)
        n_in = in_channels // groups * prod(kernel)
        rows, columns = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        W = generator(rng).normal(0.0, np.sqrt(2.0 / n_in), (rows, columns // groups, *kernel))
        self.params = {"W": W.astype(dtype)}
        if bias:
            self.params["b"] = np.zeros(out_channels, dtype)
        self._place(stride, padding, dilation, groups)

    def _place(self, stride: Size = 1, padding: Size | str = 0, dilation: Size = 1, groups: int = 1) -> None:
        name, kernel = type(self).__name__, self.params["W"].shape[2:]
        self.groups = groups
        self.stride = per_axis(f"{name}: stride", stride, self.n_space)
        self.dilation = per_axis(f"{name}: dilation", dilation, self.n_space)
        if isinstance(padding, str):
            if padding != "same" or max(self.stride) > 1 or self.transposed:
                raise ValueError(f'{name}: padding must be a size, or "same" with stride 1, got {padding!r}')
            widths = [d * (k - 1) for d, k in zip(self.dilation, kernel, strict=True)]
            self.padding = tuple((width // 2, width - width // 2) for width in widths)
        else:
            self.padding = tuple((p, p) for p in per_axis(f"{name}: padding", padding, self.n_space, least=0))

    @classmethod
    def from_arrays(cls, W: Any, b: Any = None, *, groups: int = 1, **placing: Any) -> Self:
        """A layer with copies of W and b, or without a bias; stride, padding, ... as for the constructor."""
        name = cls.__name__
        channels, space = "C, O" if cls.transposed else "O, C", ("k", "kh, kw", "kd, kh, kw")[cls.n_space - 1]
        W = copied(name, "W", W, f"({channels}, {space})")
        if groups < 1 or len(W) % groups:
            raise ShapeError(f"W must have rows divisible by groups={groups}, got {W.shape}", name)
        layer = cls.__new__(cls)
        layer.params = {"W": W}
        if b is not None:
            b, n_out = copied(name, "b", b, "(O,)"), W.shape[1] * groups if cls.transposed else len(W)
            if b.shape != (n_out,):
                raise ShapeError(f"b must be ({n_out},), got {b.shape}", name)
            layer.params["b"] = b.astype(W.dtype, copy=False)
        layer._place(groups=groups, **placing)
        return layer

    def _matrix(self) -> Array:
        """W as one matrix for each group: a row for each of its channels, a column for each entry of a patch."""
        W = self.params["W"]
        return W.reshape(self.groups, len(W) // self.groups, -1)

    def __repr__(self) -> str:
        rows, columns, *kernel = self.params["W"].shape
        n_in, n_out = (rows, columns * self.groups) if self.transposed else (columns * self.groups, rows)
        options = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        usual = {"stride": 1, "padding": (0, 0), "dilation": 1}
        shown = "".join(f", {name}={short(sizes)}" for name, sizes in options.items() if set(sizes) != {usual[name]})
        shown += f", groups={self.groups}" * (self.groups > 1) + ", bias=False" * ("b" not in self.params)
        return f"{type(self).__name__}({n_in} -> {n_out}, {'x'.join(map(str, kernel))}{shown})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer with every option in use, and an input."""
        rng = generator(rng)
        placing = {"stride": 2, "padding": 1, "dilation": 1, "groups": 2}
        layer = cls(4, 6, (3,) + (2,) * (cls.n_space - 1), rng=rng, **placing)
        layer.params["b"][...] = rng.normal(size=6)
        return layer, rng.normal(size=(2, 4, *(5, 4, 3)[: cls.n_space]))
