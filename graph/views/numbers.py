"""Numbers and colours, as all views print them."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.gates.mask import BLOCKED

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


def on_one_scale(values: np.ndarray) -> tuple[list[str], int]:
    """Numbers of one array with as many places each, and the power of ten they are all to be multiplied by.

    What is not zero never reads as zero.

    >>> on_one_scale(np.array([0.0123, -0.002, 0.0, 1e-9]))
    (['12.3', '-2.0', '0', '1e-6'], -3)
    >>> on_one_scale(np.array([1.0, -2.0]))
    (['1', '-2'], 0)
    """
    largest = largest_of(values)
    power = 3 * int(np.floor(np.log10(largest) / 3)) if largest and not 0.05 <= largest < 1e4 else 0
    whole = not np.any(values[np.isfinite(values)] % 1)
    places = 0 if whole else min(max(0, 2 - int(np.floor(np.log10(largest * 10.0**-power)))), 3)
    return [_placed(float(x) * 10.0**-power, places) for x in values.ravel()], power


def _placed(x: float, places: int) -> str:
    text = f"{x:.{places}f}"
    if x == 0:
        return "0"
    return f"{x:.0e}".replace("e-0", "e-") if np.isfinite(x) and float(text) == 0 else text


def colour(x: float, largest: float) -> str:
    """Blue for negative, white for zero, orange for positive: the full colour at `largest`.

    >>> colour(0.0, 2.0), colour(2.0, 2.0), colour(-2.0, 2.0), colour(float("nan"), 2.0)
    ('#ffffff', '#ff8c28', '#5a96ff', '#cccccc')
    """
    if not np.isfinite(x):
        return "#cccccc"
    strength = min(abs(x) / largest, 1.0) if largest else 0.0
    full = ORANGE if x > 0 else BLUE
    return "#" + "".join(f"{round(255 + strength * (c - 255)):02x}" for c in full)


def largest_of(values: np.ndarray) -> float:
    """The largest magnitude, where the colours are full; what is infinite, or as good as that in a mask, is left out.

    >>> largest_of(np.array([-1e30, 2.0, -3.0, np.inf]))
    3.0
    """
    sizes = np.abs(values)
    seen = sizes[sizes < -BLOCKED]
    return float(seen.max()) if seen.size else 0.0
