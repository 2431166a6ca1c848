"""The transposed convolution: a convolution run backward, which turns each value into a patch."""

from __future__ import annotations

from math import prod
from typing import Any, Self

from layers.base import Array, Gradients
from layers.convolution.kernel import KernelLayer, Size
from layers.convolution.windows import (
    add_windows,
    batch_first,
    batch_last,
    check_space,
    cropped,
    padded,
    per_axis,
    windows,
)
from layers.errors import ShapeError


class TransposedConvolution(KernelLayer):
    """Each value of x_in times the kernel, laid down as a patch of x_out; overlapping patches add up.

    Equation:  forward is the way back of a convolution to its input, backward is that convolution:
               X_out = W^T X_in, and x_out[q] is the sum of X_out over all patches that cover q, plus b
               G_X = patches of g_out; g_in = W G_X, dJ/dW = X_in G_X^T, dJ/db = sum of g_out
    Shapes:    x_in (..., C, *space), x_out (..., O, *places), W (C, O / groups, *kernel), b (O,), where
               places = (space - 1) stride - 2 padding + dilation (kernel - 1) + 1 + output_padding
    Raises:    ShapeError if x_in has other channels or x_out would be empty; ValueError if output_padding >= stride
    Source:    Zeiler, Krishnan, Taylor and Fergus 2010, "Deconvolutional networks"

    The other options are those of a convolution: stride, padding, dilation, groups, bias, rng, dtype.
    Two convolution layers may have the same output for two sizes of input; output_padding says which is meant here.
    """

    transposed = True
    output_padding: tuple[int, ...]

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Size, *, output_padding: Size = 0, **options: Any
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, **options)
        self._extend(output_padding)

    @classmethod
    def from_arrays(cls, W: Any, b: Any = None, *, output_padding: Size = 0, **options: Any) -> Self:
        """A layer with copies of W and b, or without a bias; stride, padding, ... as for the constructor."""
        layer = super().from_arrays(W, b, **options)
        layer._extend(output_padding)
        return layer

    def _extend(self, output_padding: Size) -> None:
        name = f"{type(self).__name__}: output_padding"
        self.output_padding = per_axis(name, output_padding, self.n_space, least=0)
        if any(extra >= s for extra, s in zip(self.output_padding, self.stride, strict=True) if extra):
            raise ValueError(f"{name} must be below stride={self.stride}, got {output_padding}")

    def forward(self, x_in: Any) -> Array:
        W, b = self.params["W"], self.params.get("b")
        x_in = self.receive(x_in, W.dtype)
        check_space(self, x_in, self.n_space, len(W))
        self.lead = x_in.shape[: -self.n_space - 1]
        x = batch_last(x_in, self.n_space)
        self.X_in, self.places = self._grouped(x), x.shape[1:-1]
        X_out = self._matrix().transpose(0, 2, 1) @ self.X_in
        X_out = X_out.reshape(W.shape[1] * self.groups, *W.shape[2:], *self.places, x.shape[-1])
        x_out = cropped(add_windows(X_out, self._space(W.shape[2:]), self.stride, self.dilation), self.padding)
        if min(x_out.shape[1:-1]) < 1:
            raise ShapeError(f"x_in must reach beyond the padding of x_out, got {x_in.shape}", repr(self))
        if b is not None:
            x_out = x_out + b.reshape(-1, *(1,) * (x_out.ndim - 1))
        return self.send(batch_first(x_out, self.lead))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        W = self.params["W"]
        g = batch_last(self.receive_gradient(g_out), self.n_space)
        patches = windows(padded(g, self.padding), W.shape[2:], self.stride, self.dilation)
        n_rows = len(g) // self.groups * prod(W.shape[2:])
        G_X = patches.reshape(self.groups, n_rows, prod(self.places) * g.shape[-1])
        g_in = (self._matrix() @ G_X).reshape(len(W), *self.places, g.shape[-1])
        param_grads = {"W": (self.X_in @ G_X.transpose(0, 2, 1)).reshape(W.shape)}
        if "b" in self.params:
            param_grads["b"] = g.reshape(len(g), -1).sum(1)
        return batch_first(g_in, self.lead), param_grads

    def _space(self, kernel: tuple[int, ...]) -> tuple[int, ...]:
        """The space that the patches cover, before the padding is cropped."""
        each = zip(self.places, kernel, self.stride, self.dilation, self.output_padding, strict=True)
        return tuple((n - 1) * s + d * (k - 1) + 1 + extra for n, k, s, d, extra in each)

    def _grouped(self, x: Array) -> Array:
        return x.reshape(self.groups, len(x) // self.groups, prod(x.shape[1:]))


class ConvTranspose1d(TransposedConvolution):
    """A transposed convolution along one axis.

    Equation:  x_out[o, q] = sum over c, k of W[c, o, k] x_in[c, q - k] + b[o]          (stride 1, no padding)
               g_in[c, i] = sum over o, k of W[c, o, k] g_out[o, i + k]
               dJ/dW[c, o, k] = sum over i of x_in[c, i] g_out[o, i + k], dJ/db[o] = sum over q of g_out[o, q]
    Shapes:    x_in (..., C, L), x_out (..., O, L'), W (C, O / groups, k), b (O,)
    Raises:    ShapeError if x_in has other channels
    Source:    see TransposedConvolution

    >>> layer = ConvTranspose1d.from_arrays(W=[[[1.0, -1.0]]])
    >>> layer.forward([[2.0, 5.0]])                    # 2 * (1, -1) and 5 * (1, -1), one place further
    array([[ 2.,  3., -5.]])
    >>> layer.backward([[1.0, 10.0, 100.0]])[0]        # the differences 1 - 10 and 10 - 100
    array([[ -9., -90.]])
    """

    n_space = 1


class ConvTranspose2d(TransposedConvolution):
    """A transposed convolution over images: with stride 2 each pixel becomes a patch, and the image grows.

    Equation:  x_out[o, q, r] = sum over c, k, l of W[c, o, k, l] x_in[c, q - k, r - l] + b[o]   (stride 1, no padding)
               g_in[c, i, j] = sum over o, k, l of W[c, o, k, l] g_out[o, i + k, j + l]
               dJ/dW[c, o, k, l] = sum over i, j of x_in[c, i, j] g_out[o, i + k, j + l], dJ/db = sum of g_out
    Shapes:    x_in (..., C, H, W), x_out (..., O, H', W'), W (C, O / groups, kh, kw), b (O,)
    Raises:    ShapeError if x_in has other channels
    Source:    see TransposedConvolution

    >>> layer = ConvTranspose2d.from_arrays(W=[[[[1.0, 2.0]]]], stride=2)
    >>> layer.forward([[[3.0, 5.0]]])                  # 3 * (1, 2) and 5 * (1, 2), two places further
    array([[[ 3.,  6.,  5., 10.]]])
    >>> layer.backward([[[1.0, 10.0, 0.0, 1.0]]])[0]   # 1*1 + 2*10, 2*1
    array([[[21.,  2.]]])
    """

    n_space = 2
