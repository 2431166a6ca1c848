"""Average pooling: the mean of each patch, to all of which the gradient goes back in equal shares."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from layers.base import Array, Gradients
from layers.convolution.pooling import Pooling, Size
from layers.convolution.windows import batch_first, batch_last, cropped, padded


class AvgPooling(Pooling):
    """The mean of each patch of each channel; AvgPool1d and AvgPool2d say how many axes space has.

    Equation:  x_out[p] = sum over k of x_in[p * stride + k - padding] / (entries of a patch)
               g_in[q] = sum of g_out[p] / (entries of a patch) over the patches p that hold q
    Shapes:    x_in (..., C, *space), x_out (..., C, *places), places = (space + 2 padding - kernel) // stride + 1
    Raises:    ShapeError if x_in has less space than one patch
    Source:    LeCun, Bottou, Bengio and Haffner 1998

    The sum of a patch is the sum of the sums of its rows, so the axes are summed one after the other. The zeros of
    the padding count as entries.
    """

    def __init__(self, kernel_size: Size, *, stride: Size | None = None, padding: Size = 0) -> None:
        super().__init__(kernel_size, stride=stride, padding=padding)  # a mean takes all entries: no dilation

    def forward(self, x_in: Any) -> Array:
        x = self.receive(x_in)
        self.check(x)
        self.lead = x.shape[: -self.n_space - 1]
        x = padded(batch_last(x, self.n_space), self.padding)
        self.levels = []
        for axis in reversed(range(self.n_space)):
            self.levels.append((axis, x.shape))
            x = sum(x[entry] for entry in self.entries(x.shape, axis))
        return self.send(batch_first(x / prod(self.kernel_size), self.lead))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g = batch_last(self.receive_gradient(g_out), self.n_space) / prod(self.kernel_size)
        for axis, shape in reversed(self.levels):
            share, g = g, np.zeros(shape, g.dtype)
            for entry in self.entries(shape, axis):
                g[entry] += share
        return batch_first(cropped(g, self.padding), self.lead), {}


class AvgPool1d(AvgPooling):
    """Average pooling along one axis.

    Equation:  x_out = the mean of each patch
               g_in = g_out / (entries of a patch), at each of them
    Shapes:    x_in (..., C, L), x_out (..., C, L')
    Raises:    ShapeError if x_in has less space than one patch
    Source:    LeCun, Bottou, Bengio and Haffner 1998; see AvgPooling

    >>> layer = AvgPool1d(2, stride=1)
    >>> layer.forward([[1.0, 3.0, 7.0]])
    array([[2., 5.]])
    >>> layer.backward([[10.0, 20.0]])[0]              # 3 is in both patches: 10/2 + 20/2
    array([[ 5., 15., 10.]])
    """

    n_space = 1


class AvgPool2d(AvgPooling):
    """Average pooling of images.

    Equation:  x_out = the mean of each patch
               g_in = g_out / (entries of a patch), at each of them
    Shapes:    x_in (..., C, H, W), x_out (..., C, H', W'), where H' = (H + 2 padding - kh) // stride + 1
    Raises:    ShapeError if x_in has less space than one patch
    Source:    LeCun, Bottou, Bengio and Haffner 1998; see AvgPooling

    >>> layer = AvgPool2d(2)
    >>> layer.forward([[[1.0, 2.0], [3.0, 6.0]]])      # 12 / 4
    array([[[3.]]])
    >>> layer.backward([[[8.0]]])[0]
    array([[[2., 2.],
            [2., 2.]]])
    """

    n_space = 2
