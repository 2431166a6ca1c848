"""The storyboard: all steps of a trace on one sheet, forward down the left side and backward up the right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from graph.views.numbers import GRADIENT, INK, QUIET, VALUE, colour, largest_of, on_one_scale
from graph.views.record import Record, gradient_of, parts_of
from graph.views.text import Text, put
from graph.views.trace import Trace
from graph.views.trace_text import clipped
from layers.errors import label
from losses.curve_plot import png

MOST_ROWS, MOST_COLUMNS = 4, 5
CELL, GAP, CARD, MARGIN = (0.4, 0.19), 0.3, 7.6, 0.25  # inches
COLOURS = {"forward": VALUE, "backward": GRADIENT}


def storyboard(trace: Trace) -> Figure:
    """One card a step; the forward and the backward card of a layer stand side by side."""
    rows: dict[str, dict[str, Record]] = {}
    for step in trace.steps:
        rows.setdefault(step.name, {})[step.direction] = step
    heights = [max(map(card_height, pair.values())) for pair in rows.values()]
    width, height = 2 * CARD + 3 * MARGIN, sum(heights) + MARGIN * (len(heights) + 1) + 0.35
    figure = Figure(figsize=(width, height), dpi=90, facecolor="white")
    FigureCanvasAgg(figure)
    figure._repr_png_ = partial(png, figure)  # what a notebook asks for
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, width), ylim=(height, 0.0))
    axes.set_axis_off()
    lefts = {"forward": MARGIN, "backward": 2 * MARGIN + CARD}
    put(axes, MARGIN + CARD / 2, 0.3, Text("forward, downwards", 11.0, VALUE, "bold"))
    put(axes, 2 * MARGIN + 1.5 * CARD, 0.3, Text("backward, upwards", 11.0, GRADIENT, "bold", "italic"))
    top = 0.35 + MARGIN
    for k, (pair, room) in enumerate(zip(rows.values(), heights, strict=True)):
        for direction, step in pair.items():
            draw_card(axes, lefts[direction], top, room, step)
            if k and step.layer is not None:
                _flow(axes, lefts[direction] + 0.5, top, direction)
        top += room + MARGIN
    return figure


def arrays_of(step: Record) -> list[tuple[str, Any, str]]:
    """(name, array, sign before it): forward what goes in and comes out, backward the gradients from right to left."""
    if step.direction == "forward":
        return [
            *_wires(step.called[0], step.x_in, ""),
            *((name, theta, "") for name, theta in step.params.items()),
            *_wires(step.called[1], step.x_out, "\u2192"),
        ]
    if step.addends:
        total = _gradients(step.param_grads) or _wires("g_in", step.g_in, "")
        addends = [(name, g, "+" if i else "=") for i, (name, g) in enumerate(step.addends.items())]
        return [*total, *addends]
    return [*_wires("g_in", step.g_in, ""), *_gradients(step.param_grads), *_wires("g_out", step.g_out, "\u2190")]


def card_height(step: Record) -> float:
    """Title, rule, and as many lines of arrays as they need."""
    return 0.62 + sum(max(_size(name, array)[1] for name, array, _ in line) + 0.12 for line in _lines(step))


def draw_card(axes: Axes, x: float, y: float, height: float, step: Record) -> None:
    """One step."""
    colour_of = COLOURS[step.direction]
    style = "round,pad=0,rounding_size=0.06"
    axes.add_patch(FancyBboxPatch((x, y), CARD, height, style, facecolor="white", edgecolor=colour_of, linewidth=1.2))
    name = step.name if step.layer is None else f"{step.name}  {clipped(label(step.layer), 45)}"
    put(axes, x + 0.12, y + 0.18, Text(f"{step.number}  {name}", 11.0, INK, "bold"), "left")
    put(axes, x + 0.12, y + 0.42, Text(clipped(step.rule, 95), 9.0, QUIET), "left")
    top = y + 0.58
    for line in _lines(step):
        left = x + 0.12
        for called, array, sign in line:
            if sign:
                put(axes, left + GAP / 2 - 0.02, top + 0.3, Text(sign, 13.0, INK))
                left += GAP
            left += draw_array(axes, left, top, called, array, colour_of) + 0.16
        top += max(_size(name, array)[1] for name, array, _ in line) + 0.12


def draw_array(axes: Axes, x: float, y: float, name: str, array: Any, colour_of: str) -> float:
    """The first numbers of an array in coloured cells under its name and shape; returns the width."""
    shown = _shown(array)
    put(axes, x, y + 0.08, _title(name, array, colour_of), "left")
    texts, _ = on_one_scale(shown)
    places = [(x + CELL[0] * j, y + 0.18 + CELL[1] * i) for i in range(shown.shape[0]) for j in range(shown.shape[1])]
    largest = largest_of(shown)
    cells = [Rectangle(place, *CELL) for place in places]
    axes.add_collection(
        PatchCollection(
            cells, facecolors=[colour(float(v), largest) for v in shown.ravel()], edgecolors="#d1d5db", linewidths=0.5
        )
    )
    for (left, top), text in zip(places, texts, strict=True):
        put(axes, left + CELL[0] - 0.04, top + CELL[1] / 2, Text(text, 7.5), "right")
    return _size(name, array)[0]


def _lines(step: Record) -> list[list[tuple[str, Any, str]]]:
    """The arrays in as many lines as their widths ask for."""
    lines: list[list[tuple[str, Any, str]]] = [[]]
    used = 0.0
    for entry in arrays_of(step):
        width = _size(*entry[:2])[0] + 0.16 + (GAP if entry[2] else 0.0)
        if lines[-1] and used + width > CARD - 0.2:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += width
    return lines


def _size(name: str, array: Any) -> tuple[float, float]:
    shown = _shown(array)
    return max(CELL[0] * shown.shape[1], _title(name, array).width), 0.18 + CELL[1] * shown.shape[0]


def _title(name: str, array: Any, colour_of: str = INK) -> Text:
    power = on_one_scale(_shown(array))[1]
    scale = f"  times 1e{power}" if power else ""
    return Text(
        f"{name} {np.shape(array)}{scale}", 8.0, colour_of, style="italic" if colour_of == GRADIENT else "normal"
    )


def _shown(array: Any) -> np.ndarray:
    numbers = np.atleast_2d(np.asarray(array, float))
    return numbers[(0,) * (numbers.ndim - 2)][:MOST_ROWS, :MOST_COLUMNS]


def _wires(name: str, value: Any, sign: str) -> list[tuple[str, Any, str]]:
    return [(*part, "" if i else sign) for i, part in enumerate(parts_of(name, value))]


def _gradients(arrays: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    return [(gradient_of(name), array, "") for name, array in arrays.items()]


def _flow(axes: Axes, x: float, top: float, direction: str) -> None:
    """The arrow between two cards."""
    ends = [(x, top - MARGIN), (x, top)]
    style = {"arrowstyle": "-|>,head_length=4,head_width=2.2", "color": COLOURS[direction], "shrinkA": 1, "shrinkB": 1}
    dashes = "solid" if direction == "forward" else (0, (2, 1.5))
    ends = ends if direction == "forward" else ends[::-1]
    axes.add_patch(FancyArrowPatch(*ends, linestyle=dashes, linewidth=1.3, **style))
