"""The gradient by central differences: what backward must agree with, at the price of two forwards for each number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from layers.base import Array
from layers.errors import ShapeError


class Slopes(NamedTuple):
    """What a step to the left and one to the right say of the slope at one number."""

    left: float
    right: float
    central: float
    noise: float  # what rounding alone may have done to `central`


def numerical_gradient(f: Callable[[Array], Any], x: Any, g_out: Any = None, *, step: float | None = None) -> Array:
    """The gradient of f at x by central differences in float64; where f gives an array, that of sum(f(x) * g_out).

    Equation:  dJ/dx_i ~ (J(x + h e_i) - J(x - h e_i)) / 2h, h = `step` or eps^(1/3) max(1, |x_i|)^(1/2)
    Shapes:    x any, g_out like f(x) (None meaning ones); the result like x
    Raises:    ShapeError if g_out is not shaped like f(x)
    Source:    course notes, the derivative as the limit of differences

    That h balances what the cut-off series leaves out against rounding: about 10 digits are right.

    >>> numerical_gradient(lambda x: (x**2).sum(), [1.0, -3.0]).round(6)     # 2x
    array([ 2., -6.])
    >>> numerical_gradient(np.outer(range(3), [1.0, 1.0]).dot, [5.0, 6.0], [0.0, 1.0, 10.0]).round(6)   # 1*1 + 10*2
    array([21., 21.])
    """
    x = np.array(x, np.float64)
    base = np.asarray(f(x), np.float64)
    g = np.ones(base.shape) if g_out is None else np.asarray(g_out, np.float64)
    if g.shape != base.shape:
        raise ShapeError(f"g_out must be shaped like f(x), {base.shape}, got {g.shape}", "numerical_gradient")
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        h = step or default_step(x, index)
        gradient[index] = slopes(lambda: [np.asarray(f(x), np.float64)], x, index, h, [base], [g]).central
    return gradient


def default_step(x: Array, index: tuple[int, ...]) -> float:
    """The cube root of the rounding unit; more for large x, but not in proportion: sin bends alike at 500 and at 1."""
    h = float(np.cbrt(np.finfo(x.dtype).eps)) * max(1.0, abs(float(x[index]))) ** 0.5
    return max(h, 1024 * float(np.spacing(np.abs(x[index]))))  # of a very large x, a step that x can take


def slopes(
    f: Callable[[], list[Array]], x: Array, index: tuple[int, ...], h: float, base: list[Array], g_outs: list[Array]
) -> Slopes:
    """The one-sided and central slopes of sum(f() * g_out) when the number x[index], which f reads, moves by h.

    Differences are taken number by number before they are summed: what does not move leaves no rounding behind.
    """
    keep = x[index].copy()
    try:
        x[index] = keep + h
        up, above = float(x[index]) - float(keep), [part.astype(np.float64) for part in f()]
        x[index] = keep - h
        down, below = float(keep) - float(x[index]), [part.astype(np.float64) for part in f()]
    finally:
        x[index] = keep
    rise = sum(float(np.sum((a - b) * g)) for a, b, g in zip(above, base, g_outs, strict=True))
    fall = sum(float(np.sum((b - c) * g)) for b, c, g in zip(base, below, g_outs, strict=True))
    moved = [(np.where(a != c, np.abs(b * g), 0.0)) for a, b, c, g in zip(above, base, below, g_outs, strict=True)]
    noise = 4 * float(np.finfo(x.dtype).eps) * sum(float(part.sum()) for part in moved) / (up + down)
    return Slopes(fall / down, rise / up, (rise + fall) / (up + down), noise)
