"""The convolution: one small linear layer, the same at every place of an image."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from layers.base import Array, Gradients
from layers.convolution.kernel import KernelLayer
from layers.convolution.windows import (
    add_windows,
    batch_first,
    batch_last,
    check_space,
    cropped,
    n_places,
    padded,
    windows,
)
from layers.errors import ShapeError


class Convolution(KernelLayer):
    """A Linear layer applied to each patch of the input; Conv1d and Conv2d say how many axes space has.

    Equation:  x_out[o, p] = sum over c, k of W[o, c, k] x_in[c, p * stride + k * dilation - padding] + b[o]
               With one column of X for each patch of x_in, and one column of X_out for each place p, this is
               X_out = W X + b, so that as in Linear
               G_X = W^T G_out, and g_in[q] is the sum of G_X over all patches that read x_in[q]   (14.47)
               dJ/dW = G_out X^T, dJ/db = G_out 1          (summed over the batch and over all places)
    Shapes:    x_in (..., C, *space), x_out (..., O, *places), W (O, C / groups, *kernel), b (O,), where
               places = (space + 2 padding - dilation (kernel - 1) - 1) // stride + 1
    Raises:    ShapeError if x_in has other channels, or less space than one kernel takes
    Source:    the article on derivatives, "Convolutional Layers", there left as an exercise; the slides' AlexNet

    It is a Linear layer from all pixels to all pixels whose matrix is sparse (zero outside of the patch) and tied (the
    same W at every place); its dJ/dW is the sum over the ties. Padding is with zeros; "same" keeps the space (stride 1
    only). With `groups`, the channels fall into groups that do not see each other.
    W is drawn from a normal distribution with variance 2 / (C / groups * kernel); b is zero.
    """

    _memory: Array | None = None

    def forward(self, x_in: Any) -> Array:
        W, b = self.params["W"], self.params.get("b")
        x_in = self.receive(x_in, W.dtype)
        check_space(self, x_in, self.n_space, W.shape[1] * self.groups)
        self.lead = x_in.shape[: -self.n_space - 1]
        self.x_padded = padded(batch_last(x_in, self.n_space), self.padding)
        self.places = n_places(self.x_padded.shape[1:-1], W.shape[2:], self.stride, self.dilation)
        if min(self.places) < 1:
            raise ShapeError(f"x_in must have room for a kernel of {W.shape[2:]}, got {x_in.shape}", repr(self))
        x_out = self._matrix() @ self._patches()
        x_out = x_out.reshape(len(W), *self.places, self.x_padded.shape[-1])
        if b is not None:
            x_out += b.reshape(-1, *(1,) * (x_out.ndim - 1))
        return self.send(batch_first(x_out, self.lead))

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        G_out = self._columns(g_out)
        param_grads = self._param_grads(G_out)
        G_X = self._workspace()
        np.matmul(self._matrix().transpose(0, 2, 1), G_out, out=self._grouped(G_X))
        g_in = cropped(add_windows(G_X, self.x_padded.shape[1:-1], self.stride, self.dilation), self.padding)
        return batch_first(g_in, self.lead), param_grads

    def backward_params(self, g_out: Any) -> Gradients:
        return self._param_grads(self._columns(g_out))

    def _param_grads(self, G_out: Array) -> Gradients:
        W = self.params["W"]
        param_grads = {"W": (G_out @ self._patches().transpose(0, 2, 1)).reshape(W.shape)}
        if "b" in self.params:
            param_grads["b"] = (G_out @ np.ones(G_out.shape[-1], G_out.dtype)).reshape(len(W))
        return param_grads

    def _patches(self) -> Array:
        """X, a matrix for each group with a column for each patch; cheap enough to make again on the way back."""
        X = self._workspace()
        np.copyto(X, windows(self.x_padded, self.params["W"].shape[2:], self.stride, self.dilation))
        return self._grouped(X)

    def _workspace(self) -> Array:
        """Memory for X or G_X, (C, *kernel, *places, N), kept: page faults were 40% of a backward pass."""
        x, kernel = self.x_padded, self.params["W"].shape[2:]
        shape = (len(x), *kernel, *self.places, x.shape[-1])
        if self._memory is None or self._memory.shape != shape or self._memory.dtype != x.dtype:
            self._memory = np.empty(shape, x.dtype)
        return self._memory

    def _grouped(self, X: Array) -> Array:
        """X as one matrix for each group: a row for each entry of a patch, a column for each patch."""
        n_columns = prod(X.shape[self.n_space + 1 :])
        return X.reshape(self.groups, prod(X.shape[: self.n_space + 1]) // self.groups, n_columns)

    def _columns(self, g_out: Any) -> Array:
        """G_out, a matrix for each group with a column for each place."""
        g_out = batch_last(self.receive_gradient(g_out), self.n_space)
        return g_out.reshape(self.groups, len(g_out) // self.groups, prod(g_out.shape[1:]))


class Conv1d(Convolution):
    """A convolution along one axis, such as time.

    Equation:  x_out[o, i] = sum over c, k of W[o, c, k] x_in[c, i + k] + b[o]          (stride 1, no padding)
               g_in[c, q] = sum over o, k of W[o, c, k] g_out[o, q - k]
               dJ/dW[o, c, k] = sum over i of g_out[o, i] x_in[c, i + k], dJ/db[o] = sum over i of g_out[o, i]
    Shapes:    x_in (..., C, L), x_out (..., O, L'), W (O, C / groups, k), b (O,)
    Raises:    ShapeError if x_in has other channels, or is shorter than one kernel
    Source:    see Convolution

    >>> layer = Conv1d.from_arrays(W=[[[1.0, -1.0]]])  # the difference of neighbours
    >>> layer.forward([[1.0, 4.0, 9.0]])
    array([[-3., -5.]])
    >>> layer.backward([[1.0, 10.0]])[0]               # 4 was read twice: 1 * -1 + 10 * 1
    array([[  1.,   9., -10.]])
    """

    n_space = 1


class Conv2d(Convolution):
    """A convolution over images.

    Equation:  x_out[o, i, j] = sum over c, k, l of W[o, c, k, l] x_in[c, i + k, j + l] + b[o]   (stride 1, no padding)
               g_in[c, q, r] = sum over o, k, l of W[o, c, k, l] g_out[o, q - k, r - l]
               dJ/dW[o, c, k, l] = sum over i, j of g_out[o, i, j] x_in[c, i + k, j + l], dJ/db = sum of g_out
    Shapes:    x_in (..., C, H, W), x_out (..., O, H', W'), W (O, C / groups, kh, kw), b (O,), where
               H' = (H + 2 padding - dilation (kh - 1) - 1) // stride + 1
    Raises:    ShapeError if x_in has other channels, or less space than one kernel takes
    Source:    the article on derivatives, "Convolutional Layers", there left as an exercise; see Convolution

    >>> layer = Conv2d.from_arrays(W=[[[[1.0, 2.0]]]], b=[3.0])
    >>> layer.forward([[[1.0, 1.0, 0.0]]])             # 1*1 + 2*1 + 3, and 1*1 + 2*0 + 3
    array([[[6., 4.]]])
    >>> g_in, param_grads = layer.backward([[[10.0, 100.0]]])
    >>> g_in                                           # 10*1, then 10*2 + 100*1 at the pixel read twice, 100*2
    array([[[ 10., 120., 200.]]])
    >>> param_grads["W"], param_grads["b"]             # 10*1 + 100*1, 10*1 + 100*0; 10 + 100
    (array([[[[110.,  10.]]]]), array([110.]))
    """

    n_space = 2
