"""A grid: an array as a table of numbers, each cell with its own colours, so that it reads on any page."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from graph.views.numbers import GRADIENT, VALUE, colour, largest_of, on_one_scale

MOST, SHOWN = 10, 8  # with more rows or columns than MOST, SHOWN of them are printed
WIDE = 6  # with more columns than this the numbers are set small
NAME = {
    "value": f"background:#e3f3ed;color:{VALUE}",
    "gradient": f"background:#fdece3;color:{GRADIENT};font-style:italic",
}


def grid(name: str, array: Any, kind: str, most: int = MOST) -> str:
    """An HTML table with the name, the true shape, and the first rows and columns of numbers.

    >>> print(grid("x", np.array([1.0, -1.0]), "value"))
    <table><caption><b style="background:#e3f3ed;color:#00795a">x</b> (2,)</caption>
    <tr><td style="background:#ff8c28;color:#000">1<td style="background:#5a96ff;color:#000">-1</table>
    """
    numbers = np.asarray(array)
    sheet, notes = _first_sheet(numbers)
    rows, columns = (n if n <= most else min(most, SHOWN) for n in sheet.shape)
    shown = np.asarray(sheet[:rows, :columns], float)
    texts, power = on_one_scale(shown)
    size = f"{rows} x {columns}" if numbers.ndim > 1 else f"{columns}"
    part = [f"first {size}"] if (rows, columns) != sheet.shape else []
    scale = [f"times 1e{power}"] if power else []
    shape = ", ".join([str(numbers.shape) if numbers.ndim else "", *notes, *part, *scale])
    largest = largest_of(shown)
    cells = [_cell(x, text, largest) for x, text in zip(shown.ravel(), texts, strict=True)]
    lines = ["<tr>" + "".join(cells[i * columns : (i + 1) * columns]) for i in range(rows)]
    title = f'<caption><b style="{NAME[kind]}">{escape(name)}</b> {shape}</caption>'
    wide = ' class="lw-wide"' if columns > WIDE else ""
    return "\n".join([f"<table{wide}>{title}", *lines]) + "</table>"


def _first_sheet(numbers: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """The two last axes of an array; of further axes the first entries, which the note says."""
    if numbers.ndim <= 2:
        return np.atleast_2d(numbers), []
    first = (0,) * (numbers.ndim - 2)
    place = ", ".join("0" for _ in first)
    return (numbers[first], [f"here [{place}]"]) if numbers.size else (np.empty((0, 0)), [])


def _cell(x: float, text: str, largest: float) -> str:
    return f'<td style="background:{colour(x, largest)};color:#000">{text}'
