"""Numbers and colours, as all views print them."""

from __future__ import annotations

from typing import Any

import numpy as np

VALUE, GRADIENT, INK, QUIET = "#00795a", "#c2410c", "#1f2937", "#64748b"
BLUE, ORANGE = (90, 150, 255), (255, 140, 40)


def short(x: Any) -> str:
    """A number in a few characters: three significant digits, at most eight characters.

    >>> [short(x) for x in (3.0, -0.12345, 1234567.0, 1e-9, float("nan"), 0.73105, -0.0)]
    ['3', '-0.123', '1.2e+06', '1e-09', 'nan', '0.731', '0']
    """
    x = float(x) + 0.0  # no "-0"
    if x and np.isfinite(x) and not 1e-3 <= abs(x) < 1e5:
        return f"{x:.2g}"
    return f"{x:.0f}" if abs(x) >= 1000 else f"{x:.3g}"


def two_places(x: Any) -> str:
    """A number on a circuit's wire, as the course notes print them: whole, or with two places.

    >>> [two_places(x) for x in (-4.0, 0.73106, -0.1966, 0.004, 123456.7)]
    ['-4', '0.73', '-0.20', '0.004', '1.23e+05']
    """
    x = float(x) + 0.0
    if x == round(x, 6) and abs(x) < 1e4 and x == int(x):
        return f"{x:.0f}"
    return f"{x:.2f}" if 0.01 <= abs(x) < 1e4 else f"{x:.3g}"


def colour(x: float, largest: float) -> str:
    """Blue for negative, white for zero, orange for positive: #rgb, the full colour at `largest`.

    >>> colour(0.0, 2.0), colour(2.0, 2.0), colour(-2.0, 2.0), colour(float("nan"), 2.0)
    ('#fff', '#f82', '#59f', '#ccc')
    """
    if not np.isfinite(x):
        return "#ccc"
    strength = min(abs(x) / largest, 1.0) if largest else 0.0
    full = ORANGE if x > 0 else BLUE
    return "#" + "".join(f"{round((255 + strength * (c - 255)) / 17):x}" for c in full)


def largest_of(values: np.ndarray) -> float:
    """The largest finite magnitude: where the colours are full."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0
