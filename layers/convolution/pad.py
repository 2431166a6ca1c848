"""Padding: a border around the input, made of zeros or of the input itself."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import number, whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator

MODES = ("constant", "reflect", "edge", "wrap")


class Pad(Layer):
    """The input with a border on its last axes.

    Equation:  x_out[q] = x_in[source(q)], or `value` where q has no source
               g_in[p] = sum of g_out[q] over all q whose source is p
    Shapes:    x_in (..., *space), x_out (..., *wider), where an axis of length n becomes before + n + after
    Raises:    ShapeError if x_in has too few axes, or one too short to be reflected or wrapped
    Source:    the names of the modes are those of numpy.pad

    `widths` has a pair (before, after) for each of the last axes. The mode says what the border shows: a constant, the
    input reflected at its edge, its edge repeated, or its other end.

    >>> layer = Pad(((1, 2),), mode="reflect")
    >>> layer.forward([1.0, 2.0, 3.0])
    array([2., 1., 2., 3., 2., 1.])
    >>> layer.backward([1.0, 1.0, 1.0, 1.0, 1.0, 100.0])[0]    # 1 stands at two places, 2 at three, 3 at one
    array([101.,   3.,   1.])
    """

    def __init__(self, widths: tuple[tuple[int, int], ...], *, mode: str = "constant", value: float = 0.0) -> None:
        if mode not in MODES:
            raise ValueError(f"Pad: mode must be one of {', '.join(MODES)}, got {mode!r}")
        kind, pairs = type(self).__name__, widths if isinstance(widths, (tuple, list)) else (widths,)
        if not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
            raise ValueError(f"{kind}: widths must be a pair (before, after) for each axis, got {widths!r}")
        self.widths = tuple(tuple(whole(kind, "widths", n, least=0) for n in pair) for pair in pairs)
        self.mode, self.value = mode, number(kind, "value", value)

    def forward(self, x_in: Any) -> Array:
        x = self.receive(x_in)
        n_axes = len(self.widths)
        if x.ndim < n_axes:
            raise ShapeError(f"x_in must have {n_axes} axes or more, got {x.shape}", repr(self))
        self.space = x.shape[x.ndim - n_axes :]
        if self.mode == "constant":
            around = [(0, 0)] * (x.ndim - n_axes) + list(self.widths)
            return self.send(np.pad(x, around, constant_values=self.value))
        for n, pair in zip(self.space, self.widths, strict=True):
            least = {"reflect": max(pair) + 1, "edge": 1, "wrap": max(pair)}[self.mode]
            if max(pair) and n < least:
                raise ShapeError(f"x_in must be longer to {self.mode} by {self.widths}, got {x.shape}", repr(self))
        for axis, source in enumerate(self._sources(), start=-n_axes):
            x = x.take(source, axis)
        return self.send(x)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g = self.receive_gradient(g_out)
        if self.mode == "constant":
            inner = tuple(slice(low, low + n) for n, (low, _) in zip(self.space, self.widths, strict=True))
            return g[..., *inner].copy(), {}
        for axis, source in enumerate(self._sources(), start=-len(self.widths)):
            g_last = np.moveaxis(g, axis, -1)
            g = np.zeros((*g_last.shape[:-1], self.space[axis]), g.dtype)
            np.add.at(g, (..., source), g_last)
            g = np.moveaxis(g, -1, axis)
        return g, {}

    def _sources(self) -> list[Array]:
        """For each axis: where in x_in each entry of x_out comes from."""
        return [np.pad(np.arange(n), pair, mode=self.mode) for n, pair in zip(self.space, self.widths, strict=True)]

    def __repr__(self) -> str:
        how = f"value={self.value:g}" if self.mode == "constant" else f"mode={self.mode!r}"
        return f"{type(self).__name__}({self.widths}, {how})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer that reflects, and an input."""
        return cls(((1, 2), (2, 0)), mode="reflect"), generator(rng).normal(size=(2, 3, 4))


class ZeroPad2d(Pad):
    """Zeros around images.

    Equation:  x_out[h, w] = x_in[h - padding, w - padding], and 0 in the border
               g_in = g_out without the border
    Shapes:    x_in (..., H, W), x_out (..., H + 2 padding, W + 2 padding)
    Raises:    ShapeError if x_in has fewer than two axes
    Source:    see Pad

    >>> layer = ZeroPad2d((0, 1))
    >>> layer.forward([[5.0]])
    array([[0., 5., 0.]])
    >>> layer.backward([[1.0, 2.0, 3.0]])[0]
    array([[2.]])
    """

    def __init__(self, padding: int | tuple[int, int]) -> None:
        sizes = padding if isinstance(padding, (tuple, list)) else (padding, padding)
        if len(sizes) != 2:
            raise ValueError(f"ZeroPad2d: padding must be one number or a pair, got {padding}")
        high, wide = (whole("ZeroPad2d", "padding", n, least=0) for n in sizes)
        super().__init__(((high, high), (wide, wide)))

    def __repr__(self) -> str:
        return f"ZeroPad2d({(self.widths[0][0], self.widths[1][0])})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """A small layer and an input."""
        return cls((1, 2)), generator(rng).normal(size=(2, 3, 4, 3))
