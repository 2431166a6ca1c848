"""Kinks: numbers at which a slope to the left and a slope to the right both exist, and differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from graph.checking.numerical import Slopes, default_step, slopes
from layers.base import Array

BEND = 1e-3  # one-sided slopes that differ by more, relative to the larger, are looked at again with a smaller step


class Slope(NamedTuple):
    """The numeric slope at one number; at a kink, anything from `low` to `high` is a subgradient."""

    numeric: float
    low: float
    high: float
    noise: float
    kink: bool


def slope_at(f: Callable[[], list[Array]], x: Array, index: tuple[int, ...], base: list, g_outs: list) -> Slope:
    """The slope of sum(f() * g_out) along x[index], and whether the function has a kink there.

    A smooth function's one-sided slopes differ by the step times its curvature: an eighth of the step, an eighth of
    the difference. At a kink the difference stays.

    >>> x = np.array([0.0, 3.0])
    >>> slope = slope_at(lambda: [np.abs(x)], x, (0,), [np.abs(x)], [np.ones(2)])
    >>> slope.kink, slope.low, slope.high
    (True, -1.0, 1.0)
    >>> slope_at(lambda: [np.abs(x)], x, (1,), [np.abs(x)], [np.ones(2)]).kink
    False
    """
    h = default_step(x, index)
    wide = slopes(f, x, index, h, base, g_outs)
    if not _bends(wide):
        return Slope(wide.central, wide.central, wide.central, wide.noise, False)
    near = slopes(f, x, index, h / 8, base, g_outs)
    gap, wide_gap = abs(near.right - near.left), abs(wide.right - wide.left)
    if gap < wide_gap / 2:  # curvature, or a kink that lies within h but not within h / 8
        best = near if gap < wide_gap / 100 else wide
        return Slope(best.central, best.central, best.central, best.noise, False)
    return Slope(near.central, min(near.left, near.right), max(near.left, near.right), near.noise, True)


def slopes_together(
    f: Callable[[], list[Array]], places: list[tuple[Array, tuple[int, ...]]], base: list, g_outs: list
) -> tuple[float, float]:
    """The slopes to the left and to the right when several numbers move at once by one step.

    >>> x = np.array([2.0, 2.0])                       # a tie: each alone has a kink, both together have none
    >>> left, right = slopes_together(lambda: [x.max()], [(x, (0,)), (x, (1,))], [x.max()], [np.ones(())])
    >>> round(left, 6), round(right, 6)
    (1.0, 1.0)
    """
    h = max(default_step(x, index) for x, index in places)
    keep = [x[index].copy() for x, index in places]
    slope = []
    try:
        for step in (-h, h):
            for (x, index), value in zip(places, keep, strict=True):
                x[index] = value + step
            moved = f()
            slope.append(sum(float(np.sum((a - b) * g)) for a, b, g in zip(moved, base, g_outs, strict=True)) / step)
    finally:
        for (x, index), value in zip(places, keep, strict=True):
            x[index] = value
    return slope[0], slope[1]


def _bends(slope: Slopes) -> bool:
    size = max(abs(slope.left), abs(slope.right))
    return abs(slope.right - slope.left) > BEND * size + 4 * slope.noise
