"""Max pooling: the largest value of each patch, to which the whole gradient of the patch goes back."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from layers.base import Array, Gradients
from layers.convolution.pooling import Pooling
from layers.convolution.windows import batch_first, batch_last, cropped, padded


class MaxPooling(Pooling):
    """The Max gate at each patch of each channel; MaxPool1d and MaxPool2d say how many axes space has.

    Equation:  x_out[p] = max over k of x_in[p * stride + k * dilation - padding]
               g_in[q] = sum of g_out[p] over the patches p whose largest entry is x_in[q]
    Shapes:    x_in (..., C, *space), x_out (..., C, *places),
               places = (space + 2 padding - dilation (kernel - 1) - 1) // stride + 1
    Raises:    ShapeError if x_in has less space than one patch
    Source:    the slides' max gate, "gradient router", at every place of AlexNet's pooling layers

    The largest of a patch is the largest of the largest of its rows, so the axes are pooled one after the other.
    A tie goes to the first of the largest in reading order. The padding never wins.
    """

    def forward(self, x_in: Any) -> Array:
        x = self.receive(x_in)
        self.check(x)
        self.lead = x.shape[: -self.n_space - 1]
        x = padded(batch_last(x, self.n_space), self.padding, -np.inf)
        self.levels = []
        for axis in reversed(range(self.n_space)):
            x_level = x
            x = reduce(np.maximum, [x_level[entry] for entry in self.entries(x_level.shape, axis)])
            self.levels.append((axis, x_level, x))
        return self.send(batch_first(x, self.lead))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g = batch_last(self.receive_gradient(g_out), self.n_space)
        for axis, x_level, x in reversed(self.levels):
            rest, g = g, np.zeros_like(x_level)
            apart = self.stride[axis] > self.dilation[axis] * (self.kernel_size[axis] - 1)  # no entry in two patches
            *entries, last = self.entries(x_level.shape, axis)
            for entry in entries:  # what the first winner takes is gone for those after it
                taken = rest * (x_level[entry] == x)
                g[entry] = taken if apart else g[entry] + taken
                rest = rest - taken
            g[last] = rest if apart else g[last] + rest
        return batch_first(cropped(g, self.padding), self.lead), {}


class MaxPool1d(MaxPooling):
    """Max pooling along one axis.

    Equation:  x_out = the largest entry of each patch
               g_in = g_out at the first of the largest entries, 0 at the others
    Shapes:    x_in (..., C, L), x_out (..., C, L')
    Raises:    ShapeError if x_in has less space than one patch
    Source:    the slides' max gate; see MaxPooling

    >>> layer = MaxPool1d(2)
    >>> layer.forward([[1.0, 4.0, 9.0, 9.0]])
    array([[4., 9.]])
    >>> layer.backward([[10.0, 20.0]])[0]              # of two equal entries the first takes it all
    array([[ 0., 10., 20.,  0.]])
    """

    n_space = 1


class MaxPool2d(MaxPooling):
    """Max pooling of images.

    Equation:  x_out = the largest entry of each patch
               g_in = g_out at the first of the largest entries, 0 at the others
    Shapes:    x_in (..., C, H, W), x_out (..., C, H', W'), where H' = (H + 2 padding - kh) // stride + 1
    Raises:    ShapeError if x_in has less space than one patch
    Source:    the slides' max gate; see MaxPooling

    >>> layer = MaxPool2d(2, stride=1)
    >>> layer.forward([[[1.0, 5.0, 2.0], [3.0, 4.0, 7.0]]])
    array([[[5., 7.]]])
    >>> layer.backward([[[10.0, 20.0]]])[0]
    array([[[ 0., 10.,  0.],
            [ 0.,  0., 20.]]])
    """

    n_space = 2
