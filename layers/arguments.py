"""Constructor arguments: a number is checked once, where it enters, and becomes a Python float."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def number(kind: str, name: str, value: Any, *, least: float = -math.inf, above: float = -math.inf) -> float:
    """`value` as a finite Python float, which never upcasts float32; or an error that names the argument.

    >>> number("Scale", "a", 2)
    2.0
    >>> number("ELU", "alpha", -1.0, above=0.0)
    Traceback (most recent call last):
    ValueError: ELU: alpha must be greater than 0, got -1.0
    """
    if isinstance(value, (bool, str)) or np.ndim(value) or np.asarray(value).dtype.kind not in "fiu":
        raise TypeError(f"{kind}: {name} must be one real number, got {value!r}")
    result = float(value)
    if not math.isfinite(result):
        raise ValueError(f"{kind}: {name} must be finite, got {value}")
    if result < least:
        raise ValueError(f"{kind}: {name} must be {least:g} or more, got {value}")
    if result <= above:
        raise ValueError(f"{kind}: {name} must be greater than {above:g}, got {value}")
    return result


def whole(kind: str, name: str, value: Any, *, least: int | None = None) -> int:
    """`value` as a Python int: an index, an axis or (of `least` or more) a count.

    >>> whole("Softmax", "axis", 1.5)
    Traceback (most recent call last):
    TypeError: Softmax: axis must be a whole number, got 1.5
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{kind}: {name} must be a whole number, got {value!r}")
    if least is not None and value < least:
        raise ValueError(f"{kind}: {name} must be {least} or more, got {value}")
    return int(value)


def numbers(kind: str, name: str, values: Any) -> np.ndarray:
    """A copy of `values` as an array of finite numbers, in float64.

    >>> numbers("BinaryCrossEntropy", "weight", [1, 2])
    array([1., 2.])
    """
    try:
        array = np.array(values, np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{kind}: {name} must be made of real numbers, got {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{kind}: {name} must be finite, got {values!r}")
    return array


def float_dtype(kind: str, dtype: Any) -> np.dtype:
    """`dtype` as a numpy dtype of floats: parameters of another kind could not be moved.

    >>> float_dtype("Linear", "float32")
    dtype('float32')
    >>> float_dtype("Linear", int)
    Traceback (most recent call last):
    TypeError: Linear: dtype must be one of floats, such as np.float32, got <class 'int'>
    """
    try:
        result = np.dtype(dtype)
    except TypeError:
        result = np.dtype(object)
    if result.kind != "f":
        raise TypeError(f"{kind}: dtype must be one of floats, such as np.float32, got {dtype!r}")
    return result
