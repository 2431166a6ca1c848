"""W7 as a straight-line script: two convolutions and pools by the numpy calls the layers make, channels in front."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from tests.benchmarks.works import LR, Work


def script_conv(work: Work, dtype: str) -> Callable[[], object]:
    """A step on arrays (C, H, W, N), the datapoints last, so that all patches are copied in long runs."""
    x, y = work.data(dtype)
    params = [np.array(theta) for pair in (*work.filters(dtype), *work.weights(dtype)) for theta in pair]
    W1, b1, W2, b2, W3, b3 = params
    N, zero, rows = len(y), np.zeros((), dtype), np.arange(len(y))
    room = [np.empty((1, 3, 3, 26, 26, N), dtype), np.empty((16, 3, 3, 11, 11, N), dtype)]
    room_back = np.empty_like(room[1])

    def step() -> object:
        x1 = np.ascontiguousarray(np.moveaxis(x, 0, -1))
        patches1 = unfold(x1, room[0])
        h1 = W1.reshape(16, -1) @ patches1
        h1 += b1[:, None]
        a1 = np.maximum(h1, zero).reshape(16, 26, 26, N)
        wide1 = np.maximum(a1[:, :, 0::2], a1[:, :, 1::2])
        x2 = np.maximum(wide1[:, 0::2], wide1[:, 1::2])
        patches2 = unfold(x2, room[1])
        h2 = W2.reshape(32, -1) @ patches2
        h2 += b2[:, None]
        a2 = np.maximum(h2, zero).reshape(32, 11, 11, N)
        wide2 = np.maximum(a2[:, :, 0:10:2], a2[:, :, 1:10:2])
        x3 = np.maximum(wide2[:, 0:10:2], wide2[:, 1:10:2])
        flat = np.ascontiguousarray(x3.reshape(800, N).T)
        scores = flat.dot(W3.T)
        scores += b3

        z = scores - scores.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        J = (np.log(total[:, 0]) - z[rows, y]).sum() / N
        g = e / total
        g[rows, y] -= 1
        g /= N

        dW3, db3 = g.T.dot(flat), g.sum(axis=0)
        g = np.ascontiguousarray(g.dot(W3).T).reshape(32, 5, 5, N)
        g = spread(spread(g, wide2, x3, 1), a2, wide2, 2).reshape(32, -1)
        g = g * (a2.reshape(32, -1) > zero)
        dW2, db2 = g @ patches2.T, g.sum(axis=1)
        np.matmul(W2.reshape(32, -1).T, g, out=room_back.reshape(144, -1))
        g = np.zeros_like(x2)
        for k, l in product(range(3), range(3)):
            g[:, k : k + 11, l : l + 11] += room_back[:, k, l]
        g = spread(spread(g, wide1, x2, 1), a1, wide1, 2).reshape(16, -1)
        g = g * (a1.reshape(16, -1) > zero)
        dW1, db1 = g @ patches1.T, g.sum(axis=1)
        for theta, grad in zip(params, (dW1, db1, dW2, db2, dW3, db3), strict=True):
            theta -= LR * grad.reshape(theta.shape)
        return J

    return step


def unfold(x: np.ndarray, room: np.ndarray) -> np.ndarray:
    """All 3x3 patches of (C, H, W, N), one column each, copied into `room` (C, 3, 3, H - 2, W - 2, N)."""
    c, h, w, n = x.strides
    np.copyto(room, np.lib.stride_tricks.as_strided(x, room.shape, (c, h, w, h, w, n)))
    return room.reshape(len(x) * 9, -1)


def spread(g: np.ndarray, x: np.ndarray, largest: np.ndarray, axis: int) -> np.ndarray:
    """The gradient behind a maximum over pairs along one axis: to the first of the pair that is the largest."""
    n = 2 * g.shape[axis]
    first, second = ((slice(None),) * axis + (slice(start, n, 2),) for start in (0, 1))
    g_in = np.zeros_like(x)
    taken = g * (x[first] == largest)
    g_in[first] = taken
    g_in[second] = g - taken
    return g_in
