"""One line of a gradient check: backward against differences, for all numbers of an array or for a sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.checking.kinks import slope_at, slopes_together
from graph.checking.report import Entry
from layers.base import Array

TOLERANCE = {np.dtype(np.float64): 1e-5, np.dtype(np.float32): 2e-2, np.dtype(np.float16): 2e-1}
TIES = "kinks, moved together"


def entry_of(
    run: Any,
    name: str,
    x: Array,
    g: Array | None,
    base: list,
    g_outs: list,
    tolerance: float | None,
    most: int,
    rng: Any,
) -> Entry:
    """One array, all its numbers or a sample of them."""
    tolerance = tolerance or TOLERANCE[x.dtype]
    if g is None or g.shape != x.shape:
        problem = "missing in param_grads" if g is None else f"the gradient must be {x.shape}, got {g.shape}"
        return Entry(name, g, None, None, tolerance, problem=problem)
    chosen = np.arange(x.size) if x.size <= most else np.sort(rng.choice(x.size, most, replace=False))
    indices = [tuple(int(i) for i in np.unravel_index(c, x.shape)) for c in chosen]
    found = [slope_at(run, x, index, base, g_outs) for index in indices]
    largest = max((abs(s.numeric) for s in found), default=0.0)
    # rounding is what backward may leave of gradients that cancel out, and what differences may find in their place
    eps, most_g = float(np.finfo(x.dtype).eps), max((np.abs(g).max(initial=0.0) for g in g_outs), default=0.0)
    rest, found_rest = 64 * eps * most_g, 16 * eps ** (2 / 3) * most_g
    numeric, errors = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    kinks = []
    for index, slope in zip(indices, found, strict=True):
        a, numeric[index] = float(g[index]), slope.numeric
        if slope.kink:
            kinks.append(index)
        cancelled = 0.0 < abs(a) <= rest and abs(slope.numeric) <= found_rest
        nearest = a if cancelled else min(max(a, slope.low), slope.high)
        floor = max(abs(a), abs(slope.numeric), 1e-3 * largest, slope.noise / tolerance, np.finfo(np.float64).tiny)
        errors[index] = abs(a - nearest) / floor if np.isfinite(a) else np.inf
    return Entry(name, g, numeric, errors, tolerance, kinks)


def ties(run: Any, pairs: list, entries: list[Entry], base: list[Array], g_outs: list[Array]) -> list[Entry]:
    """Two inputs tied in a Max bend the function each; moved together they do not, and their gradients must add up."""
    places = [(x, index, g) for (_, x, g), entry in zip(pairs, entries, strict=True) for index in entry.kinks]
    if len(places) < 2:
        return []
    left, right = slopes_together(run, [place[:2] for place in places], base, g_outs)
    total, tolerance = sum(float(g[index]) for _, index, g in places), max(entry.tolerance for entry in entries)
    if abs(left - right) > tolerance * max(abs(left), abs(right)):
        return []
    error = np.array(abs(total - right) / max(abs(total), abs(right), np.finfo(np.float64).tiny))
    return [Entry(TIES, np.array(total), np.array(right), error, tolerance)]
