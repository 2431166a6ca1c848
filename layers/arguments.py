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
