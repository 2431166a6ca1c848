"""Shuffles: channels and pixels in another order; the gradient goes back in the order that undoes it."""

from __future__ import annotations

from typing import Any

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.convolution.windows import check_space
from layers.errors import ShapeError
from layers.rng import Seed, generator


class PixelShuffle(Layer):
    """Groups of factor^2 channels laid out as blocks of factor x factor pixels.

    Equation:  x_out[c, h r + i, w r + j] = x_in[c r^2 + i r + j, h, w], with r the factor
               g_in = g_out, in the order of x_in
    Shapes:    x_in (..., C r^2, H, W), x_out (..., C, H r, W r)
    Raises:    ShapeError if the channels of x_in cannot be divided by r^2
    Source:    Shi and others 2016, "Real-time single image and video super-resolution"

    >>> layer = PixelShuffle(2)
    >>> layer.forward([[[1.0]], [[2.0]], [[3.0]], [[4.0]]])
    array([[[1., 2.],
            [3., 4.]]])
    >>> layer.backward([[[5.0, 6.0], [7.0, 8.0]]])[0].ravel()
    array([5., 6., 7., 8.])
    """

    def __init__(self, factor: int) -> None:
        self.factor = whole("PixelShuffle", "factor", factor, least=1)

    def forward(self, x_in: Any) -> Array:
        x_in, r = self.receive(x_in), self.factor
        check_space(self, x_in, 2)
        *lead, channels, high, wide = self.shape = x_in.shape
        if channels % r**2:
            raise ShapeError(f"x_in must have channels divisible by {r**2}, got {x_in.shape}", repr(self))
        blocks = x_in.reshape(*lead, channels // r**2, r, r, high, wide)
        n = len(lead)
        x_out = blocks.transpose(*range(n + 1), n + 3, n + 1, n + 4, n + 2)  # c, h, i, w, j
        return self.send(x_out.reshape(*lead, channels // r**2, high * r, wide * r))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out, r = self.receive_gradient(g_out), self.factor
        *lead, channels, high, wide = self.shape
        blocks = g_out.reshape(*lead, channels // r**2, high, r, wide, r)
        n = len(lead)
        return blocks.transpose(*range(n + 1), n + 2, n + 4, n + 1, n + 3).reshape(self.shape), {}  # c, i, j, h, w

    def __repr__(self) -> str:
        return f"PixelShuffle({self.factor})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[PixelShuffle, Array]:
        """A small layer and an input."""
        return cls(2), generator(rng).normal(size=(2, 8, 2, 3))


class ChannelShuffle(Layer):
    """Channels dealt out like cards: the first of each group, then the second of each, ...

    Equation:  x_out[c groups + g] = x_in[g C / groups + c]
               g_in = g_out, in the order of x_in
    Shapes:    x_in, x_out (N, C, ...)
    Raises:    ShapeError if the channels of x_in cannot be divided by `groups`
    Source:    Zhang, Zhou, Lin and Sun 2018, "ShuffleNet": lets the groups of a convolution meet

    >>> layer = ChannelShuffle(2)
    >>> layer.forward([[1.0, 2.0, 3.0, 4.0]])
    array([[1., 3., 2., 4.]])
    >>> layer.backward([[1.0, 3.0, 2.0, 4.0]])[0]
    array([[1., 2., 3., 4.]])
    """

    def __init__(self, groups: int) -> None:
        self.groups = whole("ChannelShuffle", "groups", groups, least=1)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if x_in.ndim < 2 or x_in.shape[1] % self.groups:
            raise ShapeError(f"x_in must have channels divisible by {self.groups}, got {x_in.shape}", repr(self))
        return self.send(_dealt(x_in, self.groups))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        return _dealt(g_out, g_out.shape[1] // self.groups), {}

    def __repr__(self) -> str:
        return f"ChannelShuffle({self.groups})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[ChannelShuffle, Array]:
        """A small layer and an input."""
        return cls(2), generator(rng).normal(size=(2, 6, 3))


def _dealt(x: Array, groups: int) -> Array:
    """The channels of `groups` groups in turn."""
    n, channels, *space = x.shape
    return x.reshape(n, groups, channels // groups, *space).swapaxes(1, 2).reshape(x.shape)
