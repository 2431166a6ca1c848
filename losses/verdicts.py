"""Targets that are verdicts: 1 for yes, -1 for no."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from losses.base import Loss


def checked_verdicts(loss: Loss, y: Array, allowed: tuple[int, ...] = (1, -1)) -> Array:
    """y, if it holds nothing but the verdicts allowed.

    >>> checked_verdicts(Loss(), np.array([1.0, 0.0]))
    Traceback (most recent call last):
    ValueError: Loss(mean over datapoints): y must be 1 or -1, got 0.0
    """
    wrong = ~np.isin(y, allowed)
    if wrong.any():
        raise ValueError(f"{loss!r}: y must be {' or '.join(map(str, allowed))}, got {y[wrong][0]}")
    return y
