"""Kinds of command-line values, each refused in words that say what was expected."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def whole(minimum: int) -> Callable[[str], int]:
    """A whole number, `minimum` or more.

    >>> whole(1)("32")
    32
    """

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = minimum - 1
        if value < minimum:
            raise argparse.ArgumentTypeError(f"expected a whole number, {minimum} or more, got {text!r}")
        return value

    return parse


def number(*, above: float = -math.inf, at_least: float = -math.inf) -> Callable[[str], float]:
    """A finite number within bounds.

    >>> number(above=0)("1e-3")
    0.001
    """
    bound = f"above {above:g}" if above > at_least else f"{at_least:g} or more"

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value <= above or value < at_least:
            raise argparse.ArgumentTypeError(f"expected a number {bound}, got {text!r}")
        return value

    return parse


def sizes(text: str) -> tuple[int, ...]:
    """Widths of hidden layers, separated by commas; nothing at all for none.

    >>> sizes("128,64"), sizes("")
    ((128, 64), ())
    """
    try:
        values = tuple(int(part) for part in text.split(",")) if text.strip() else ()
    except ValueError:
        values = (0,)
    if any(value < 1 for value in values):
        raise argparse.ArgumentTypeError(f"expected widths separated by commas, like 128,64, got {text!r}")
    return values
