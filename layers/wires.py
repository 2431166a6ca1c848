"""What travels on a wire: one array of floats, or a tuple of arrays; anything else is converted or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.errors import DtypeError, ShapeError

Array = np.ndarray


def described(value: Any) -> str:
    """What came, for an error: a shape, a number of wires, or a type.

    >>> import numpy as np
    >>> described(np.ones((2, 3))), described((1.0, 2.0)), described("abc")
    ('(2, 3)', 'a tuple of 2', 'str')
    """
    if type(value) is tuple:
        return f"a tuple of {len(value)}"
    return str(value.shape) if hasattr(value, "shape") else type(value).__name__


def float_array(layer: Any, name: str, value: Any, dtype: np.dtype | None = None) -> Array:
    """`value` as an array of `dtype`; without one a float dtype is kept and whole numbers become float64."""
    if type(value) is tuple:
        raise ShapeError(
            f"{name} must be one array, got a tuple of {len(value)} (wires: Add or Merge joins them)", repr(layer)
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(f"{name} must be one array, got rows of unequal length", repr(layer)) from None
    if array.dtype.kind not in "fiub":
        kind = type(value).__name__ if array.dtype == object else array.dtype
        raise DtypeError(f"{name} must be an array of real numbers, got {kind}", repr(layer))
    if dtype is None:
        dtype = array.dtype if array.dtype.kind == "f" else np.float64
    return array.astype(dtype, copy=False)


def float_arrays(layer: Any, name: str, values: Any, n: int | None = None) -> tuple[Array, ...]:
    """A tuple of wires as arrays of one float dtype; plain numbers take the dtype of the others."""
    if type(values) is not tuple or not values or (n is not None and len(values) != n):
        raise ShapeError(f"{name} must be a tuple of {n or 'one or more'} arrays, got {described(values)}", repr(layer))
    dtypes = {x.dtype for x in values if hasattr(x, "dtype") and x.dtype.kind == "f"}
    if len(dtypes) > 1:
        met = " and ".join(sorted(str(dtype) for dtype in dtypes))
        raise DtypeError(f"{name} must have one dtype, got {met}: convert one with .astype", repr(layer))
    dtype = dtypes.pop() if dtypes else None
    return tuple(
        x if type(x) is np.ndarray and x.dtype is dtype else float_array(layer, name, x, dtype) for x in values
    )
