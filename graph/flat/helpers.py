"""The small functions that a line of flat code may call; each is written in front of the code that needs it."""

from __future__ import annotations

import re

HELPERS = {
    "erfc": '''def erfc(x):
    """1 - erf(x), which numpy does not have."""
    from math import erfc

    return np.vectorize(erfc, otypes=[float])(x)''',
    "log_softmax": '''def log_softmax(x, axis):
    """The logarithm of each share."""
    x = x - np.max(x, axis=axis, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))''',
    "matmul_gradients": '''def matmul_gradients(g, A, B):
    """The gradients of A and B in A @ B, where a vector is a matrix of one row, or of one column."""
    rows, columns = np.atleast_2d(A), B[:, None] if np.ndim(B) == 1 else B
    g = np.reshape(g, np.shape(rows @ columns))
    grad_A, grad_B = g @ np.swapaxes(columns, -1, -2), np.swapaxes(rows, -1, -2) @ g
    return np.reshape(sum_to(grad_A, rows), np.shape(A)), np.reshape(sum_to(grad_B, columns), np.shape(B))''',
    "put_at": '''def put_at(g, index, x):
    """Zeros shaped like x, with g at the index."""
    zeros = np.zeros_like(x)
    zeros[index] = g
    return zeros''',
    "sigmoid": '''def sigmoid(x):
    """1 / (1 + e^-x), without an overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)''',
    "softmax": '''def softmax(x, axis):
    """The share of each e^x in their sum."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)''',
    "softplus": '''def softplus(x):
    """log(1 + e^x), without an overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))''',
    "sum_to": '''def sum_to(g, x):
    """The gradient of x, which was repeated up to the shape of g."""
    return np.sum(g, axis=tuple(range(np.ndim(g) - np.ndim(x))))''',
}


def helpers_for(code: str) -> list[str]:
    """The helpers that this code calls.

    >>> [helper.split("(")[0] for helper in helpers_for("e = np.exp(sigmoid(x))")]
    ['def sigmoid']
    """
    called = [name for name in HELPERS if re.search(rf"(?<![\w.]){name}\(", code)]
    called += ["sum_to"] if "matmul_gradients" in called and "sum_to" not in called else []
    return [HELPERS[name] for name in called]
