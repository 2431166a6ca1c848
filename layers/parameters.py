"""Parameters from a reader's own arrays: always copies, so nothing is ever tied by accident."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array
from layers.errors import DtypeError, ShapeError


def copied(kind: str, name: str, value: Any, axes: str) -> Array:
    """A copy of `value` with as many axes as `axes` names; a float dtype is kept, whole numbers become float64.

    >>> copied("Linear", "W", [1, 2], "(n_out, n_in)")
    Traceback (most recent call last):
    layers.errors.ShapeError: Linear: W must be (n_out, n_in), got (2,)
    """
    array = np.array(value)
    if array.dtype.kind not in "fiu":
        raise DtypeError(f"{name} must be an array of real numbers, got {array.dtype}", kind)
    if array.ndim != len(axes.strip("(),").split(",")) or not array.size:
        raise ShapeError(f"{name} must be {axes}, got {array.shape}", kind)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def weight_and_bias(kind: str, W: Any, b: Any, axes: str) -> dict[str, Array]:
    """The params of a layer with weights W, the outputs first, and a bias b (n_out,), or none.

    >>> list(weight_and_bias("Linear", [[1.0, 2.0]], None, "(n_out, n_in)"))
    ['W']
    """
    W = copied(kind, "W", W, axes)
    if b is None:
        return {"W": W}
    b = copied(kind, "b", b, "(n_out,)").astype(W.dtype, copy=False)
    if b.shape != W.shape[:1]:
        raise ShapeError(f"b must be {W.shape[:1]}, got {b.shape}", kind)
    return {"W": W, "b": b}
