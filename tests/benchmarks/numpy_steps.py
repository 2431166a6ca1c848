"""Two yardsticks in plain numpy: a straight-line script of the same calls, and the matrix products alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.circuit_steps import script_circuit
from tests.benchmarks.conv_steps import script_conv
from tests.benchmarks.works import LR, Work


def script(work: Work, dtype: str) -> Callable[[], object]:
    """A hand-written step: no layers, no checks, nothing remembered but what the next line needs."""
    if work.kind == "circuit":
        return script_circuit(work, dtype)
    if work.kind == "conv":
        return script_conv(work, dtype)
    x, y = work.data(dtype)
    params = work.weights(dtype)
    rows, ones = np.arange(len(y)), np.ones(len(y), dtype)
    shapes = [(len(y), len(b)) for _, b in params]
    zeros = [np.zeros(shape, dtype) for shape in shapes]
    last = len(params) - 1
    after_relu = [
        i < last and (work.kind == "mlp" or (work.kind == "residual" and i % 2 == 0)) for i in range(last + 1)
    ]
    if work.kind == "mlp" and len(set(work.widths)) == 1:
        after_relu[last] = True

    def step() -> object:
        h, inputs, outputs, skips = x, [], [], []
        for i, (W, b) in enumerate(params):
            if work.kind == "residual" and i % 2 == 0 and i < last:
                skips.append(h)
            inputs.append(h)
            h = h.dot(W.T)
            h += b
            outputs.append(h)
            if after_relu[i]:
                h = np.maximum(h, zeros[i])
            elif work.kind == "residual" and i < last:
                h = h + skips[-1]
        z = h - h.max(axis=1, keepdims=True)
        e = np.exp(z)
        total = e.sum(axis=1, keepdims=True)
        J = (np.log(total[:, 0]) - z[rows, y]).sum() / len(y)
        g = e / total
        g[rows, y] -= 1
        g /= len(y)
        skip = None
        grads = []
        for i in range(last, -1, -1):
            if work.kind == "residual" and i % 2 == 1:
                skip = g
            if after_relu[i]:
                g = g * (outputs[i] > zeros[i])
            grads.append((g.T.dot(inputs[i]), ones.dot(g)))
            if i:
                g = g.dot(params[i][0])
            if work.kind == "residual" and i % 2 == 0 and i < last and i:
                g = g + skip
        for (W, b), (dW, db) in zip(reversed(params), grads, strict=True):
            W -= LR * dW
            b -= LR * db
        return J

    return step


def products(work: Work, dtype: str) -> Callable[[], object] | None:
    """Only the matrix products of a step: forward, dJ/dW of every layer, g_in of every layer but the first."""
    rng = np.random.default_rng(0)
    if work.kind in ("mlp", "residual"):
        triples = [(work.batch, n, m) for n, m in zip(work.widths, work.widths[1:], strict=False)]
    elif work.kind == "conv":  # as products of the unfolded windows: (positions, window, channels)
        triples = [(work.batch * 26 * 26, 9, 16), (work.batch * 11 * 11, 144, 32), (work.batch, 800, 10)]
    else:
        return None
    arrays = [tuple(rng.normal(size=s).astype(dtype) for s in ((N, n), (m, n), (N, m))) for N, n, m in triples]

    def step() -> object:
        for x, W, _ in arrays:
            x.dot(W.T)
        for i, (x, W, g) in enumerate(reversed(arrays)):
            g.T.dot(x)
            if i < len(arrays) - 1:
                g.dot(W)
        return None

    return step
