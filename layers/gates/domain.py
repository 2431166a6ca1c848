"""Where a gate has no answer: refuse the value, and say which it was."""

from __future__ import annotations

from typing import Any

from layers.base import Array
from layers.errors import DomainError


def refuse(gate: Any, bad: Array, x: Array, wanted: str, name: str = "x_in") -> None:
    """Raise DomainError if any element of `bad` is true, with the first such element of x.

    >>> import numpy as np
    >>> x = np.array([1.0, -2.0])
    >>> refuse("Log()", x <= 0, x, "positive")
    Traceback (most recent call last):
    layers.errors.DomainError: 'Log()': x_in must be positive, got -2
    """
    if bad.any():
        raise DomainError(f"{name} must be {wanted}, got {x[bad].flat[0]:g}", repr(gate))
