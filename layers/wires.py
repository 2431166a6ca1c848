"""What travels on a wire: one array of floats, or a tuple of arrays; anything else is converted or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.errors import DtypeError, ShapeError

Array = np.ndarray
FLOATS = (np.ndarray, np.float64, np.float32)  # a scalar may come as either: converting it took 10% of a circuit
Form = tuple[tuple[int, ...], np.dtype] | list | None


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


def form_of(value: Any) -> Form:
    """Shape and dtype of an array of floats; a list of them for a tuple of wires; None for anything else.

    >>> import numpy as np
    >>> form_of(np.ones((2, 3)))
    ((2, 3), dtype('float64'))
    """
    if type(value) is tuple:
        forms = [form_of(part) for part in value]
        return None if None in forms else forms
    return (value.shape, value.dtype) if type(value) in FLOATS and value.dtype.kind == "f" else None


def has_form(value: Any, form: Form) -> bool:
    """Whether `form_of(value)` is this form, told without writing it down; nothing has the form None."""
    if type(form) is tuple:
        return type(value) in FLOATS and value.dtype is form[1] and value.shape == form[0]
    return type(form) is list and type(value) is tuple and len(value) == len(form) and all(map(has_form, value, form))


def dtypes_of(form: Form) -> set[np.dtype]:
    """The dtypes that a form is made of.

    >>> import numpy as np
    >>> dtypes_of(form_of((np.ones(2), np.ones(3))))
    {dtype('float64')}
    """
    if type(form) is tuple:
        return {form[1]}
    return {dtype for part in form or () for dtype in dtypes_of(part)}
