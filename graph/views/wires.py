"""The wires of a picture: level through columns, curved between them, turned at the end of a row."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.path import Path

from graph.views.looks import CELLS, STRIP, Look
from graph.views.nodes import Edge
from graph.views.numbers import GRADIENT, INK, VALUE, colour, largest_of
from graph.views.rows import Point, Rows
from graph.views.structure import Structure
from graph.views.text import Text, put

APART = 0.035  # half the distance of a forward and its backward arrow
ROUND, TINY = 0.1, 1e-3


def draw_wires(
    axes: Axes, structure: Structure, rows: Rows, looks: list[Look], labels: list[tuple[Text, ...]], circuit: bool
) -> None:
    """Every wire: solid forward, dashed backward (in a circuit one line for both), and what it carries.

    In a forward-backward graph a wire to or from what computes the gradient of a parameter is dotted (figure 14.17).
    """
    for number, edge in enumerate(structure.edges):
        if circuit or structure.dotted:
            ends = {structure.nodes[edge.source].name, structure.nodes[edge.target].name}
            _arrow(axes, path_of(rows, looks, number), INK, "dotted" if ends & structure.dotted else "solid")
        else:
            _arrow(axes, path_of(rows, looks, number, -APART), INK, "solid")
            _arrow(axes, _reversed(path_of(rows, looks, number, APART)), GRADIENT, (0, (3, 2)))
        if labels[number]:
            item = rows.layout.items[rows.layout.chains[number][1]]
            _label(axes, item.x, item.y, labels[number], edge)


def path_of(rows: Rows, looks: list[Look], number: int, aside: float = 0.0) -> Path:
    """The way of one wire from the edge of its source to the edge of its target; `aside` is how much below."""
    items, chain = rows.layout.items, rows.layout.chains[number]
    bounds = {i: _bounds(rows, i) for i in chain}
    start, end = _port(rows, looks, number, 0, aside), _port(rows, looks, number, -1, aside)
    points, codes = [start], [Path.MOVETO]
    for a, b in pairwise(chain):
        y_a = start[1] if a == chain[0] else items[a].y + aside
        y_b = end[1] if b == chain[-1] else items[b].y + aside
        leave, arrive = (bounds[a][1], y_a), (bounds[b][0], y_b)
        if items[a].row != items[b].row:
            _turn(points, codes, rows.turn(a, b, leave, arrive, aside))
            continue
        if abs(leave[0] - points[-1][0]) > TINY:
            points.append(leave)
            codes.append(Path.LINETO)
        middle = (leave[0] + arrive[0]) / 2
        points += [(middle, y_a), (middle, y_b), arrive]
        codes += [Path.CURVE4] * 3
    if abs(end[0] - points[-1][0]) > TINY:
        points.append(end)
        codes.append(Path.LINETO)
    return Path(points, codes)


def _turn(points: list[Point], codes: list, corners: list[Point]) -> None:
    """Right-angled, with rounded corners."""
    points.append(corners[0])
    codes.append(Path.LINETO)
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        points += [_towards(corner, before), corner, _towards(corner, after)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    points.append(corners[-1])
    codes.append(Path.LINETO)


def _towards(corner: Point, other: Point) -> Point:
    distance = np.hypot(other[0] - corner[0], other[1] - corner[1])
    share = min(ROUND, distance / 2) / distance if distance else 0.0
    return corner[0] + share * (other[0] - corner[0]), corner[1] + share * (other[1] - corner[1])


def _bounds(rows: Rows, i: int) -> Point:
    """From where to where the column of an item reaches."""
    column = [rows.layout.items[j] for j in rows.layout.columns[rows.layout.items[i].column]]
    return min(each.x - each.width / 2 for each in column), max(each.x + each.width / 2 for each in column)


def _port(rows: Rows, looks: list[Look], number: int, end: int, aside: float) -> Point:
    """Where a wire leaves its source (end 0) or enters its target (end -1): wires side by side, in order of height."""
    layout = rows.layout
    box = layout.chains[number][end]
    item = layout.items[box]
    beside = 1 if end == 0 else -2
    others = [k for k, chain in enumerate(layout.chains) if chain[end] == box]
    others.sort(key=lambda k: (layout.items[layout.chains[k][beside]].row, layout.items[layout.chains[k][beside]].y, k))
    apart = min(0.17, 0.75 * item.height / len(others)) if looks[box].shape != "dot" else 0.0
    y = apart * (others.index(number) - (len(others) - 1) / 2) + aside
    half = looks[box].half
    if looks[box].shape == "circle":
        half = float(np.sqrt(max(half**2 - y**2, 0.0)))
    return item.x + (half if end == 0 else -half), item.y + y


def _arrow(axes: Axes, path: Path, colour: str, dashes: object) -> None:
    head = "-|>,head_length=3.2,head_width=1.7"
    style = {"arrowstyle": head, "color": colour, "linestyle": dashes, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
    axes.add_patch(FancyArrowPatch(path=path, zorder=4, mutation_scale=1.0, capstyle="butt", **style))


def _reversed(path: Path) -> Path:
    """The same way back: the parts in reverse order, each from its end."""
    codes, out = list(path.codes), []
    i = 1
    while i < len(codes):
        n = {Path.LINETO: 1, Path.CURVE3: 2, Path.CURVE4: 3}[codes[i]]
        out.append(codes[i : i + n])
        i += n
    return Path(path.vertices[::-1], [Path.MOVETO, *(code for part in out[::-1] for code in part)])


def _label(axes: Axes, x: float, y: float, texts: tuple[Text, ...], edge: Edge) -> None:
    """The value above the wire and the gradient below; arrays with a strip of their first numbers."""
    is_array = np.size(edge.value) != 1
    near = STRIP[1] + 0.06 if is_array else 0.0
    put(axes, x, y - near - 0.12, texts[0])
    put(axes, x, y + near + 0.12, texts[1])
    if is_array:
        _strip(axes, x, y - 0.06 - STRIP[1], edge.value, VALUE)
        if isinstance(edge.gradient, np.ndarray):
            _strip(axes, x, y + 0.06, edge.gradient, GRADIENT)


def _strip(axes: Axes, x: float, top: float, array: np.ndarray, frame: str) -> None:
    """The first numbers of the first datapoint as cells, blue to orange."""
    numbers = np.asarray(array, float)
    numbers = (numbers.reshape(len(numbers), -1)[0] if numbers.ndim > 1 else numbers)[:CELLS]
    width = STRIP[0] / max(len(numbers), 1)
    left, largest = x - STRIP[0] / 2, largest_of(numbers)
    cells = [Rectangle((left + k * width, top), width, STRIP[1]) for k in range(len(numbers))]
    colours = [colour(float(number), largest) for number in numbers]
    axes.add_collection(PatchCollection(cells, facecolors=colours, edgecolors="none", zorder=4))
    axes.add_patch(Rectangle((left, top), *STRIP, facecolor="none", edgecolor=frame, linewidth=0.8, zorder=4))
