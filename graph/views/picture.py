"""The picture of a laid-out structure, put on a matplotlib figure that has a canvas of its own."""

from __future__ import annotations

from functools import partial

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from graph.naming.ties import routes_of
from graph.views.looks import DOT, Look, symbol_of
from graph.views.numbers import INK, QUIET
from graph.views.rows import Rows
from graph.views.structure import Structure
from graph.views.text import Text, put
from graph.views.wires import draw_wires
from layers.wiring.branch import Branch
from losses.curve_plot import png

MARGIN = 0.2  # inches
FILL = {"box": "#eef2f7", "pill": "#fef3c7", "circle": "#ffffff"}
BADGES = ("#6d28d9", "#be185d", "#0369a1", "#4d7c0f", "#a16207", "#475569")


def picture(structure: Structure, looks: list[Look], labels: list[tuple[Text, ...]], rows: Rows) -> Figure:
    """One inch of the layout is one inch of the figure; y grows downwards."""
    ties = _ties(structure)
    notes = [f"{mark}: {names}, tied in {len(places)} places: the gradients add up" for mark, names, places in ties]
    if any(labels):
        unknown = any(texts and texts[1].text == "?" for texts in labels)
        notes.append("above a wire its value, below its gradient" + (" (?: not computed yet)" if unknown else ""))
    width = max(rows.width, max((Text(note, 7.5).width for note in notes), default=0.0)) + 2 * MARGIN
    height = rows.height + 2 * MARGIN + 0.17 * len(notes)
    figure = Figure(figsize=(width, height), dpi=120, facecolor="white")
    FigureCanvasAgg(figure)
    figure._repr_png_ = partial(png, figure)  # what a notebook asks for
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(-MARGIN, width - MARGIN), ylim=(height - MARGIN, -MARGIN))
    axes.set_axis_off()
    draw_wires(axes, structure, rows, looks, labels, is_circuit(structure))
    for item, look in zip(rows.layout.items, looks, strict=False):
        draw_node(axes, item.x, item.y, look)
    for k, (mark, _, places) in enumerate(ties):
        for place in places:
            item = rows.layout.items[place]
            shift = 0.2 * sum(place in others for _, _, others in ties[:k])
            _badge(
                axes, item.x + item.width / 2 - 0.04 - shift, item.y - item.height / 2, mark, BADGES[k % len(BADGES)]
            )
    for k, note in enumerate(notes):
        put(axes, 0.0, rows.height + 0.14 + 0.17 * k, Text(note, 7.5, QUIET), "left")
    return figure


def is_circuit(structure: Structure) -> bool:
    """Gates alone: then one wire carries both ways, as in the course notes."""
    layers = [node.layer for node in structure.nodes if node.layer is not None]
    plain = [layer for layer in layers if not isinstance(layer, Branch) and type(layer).__name__ != "Parameter"]
    return bool(plain) and all(symbol_of(layer) for layer in plain)


def draw_node(axes: Axes, x: float, y: float, look: Look) -> None:
    """The shape and the text in it; a Branch's name stands over its dot."""
    if look.shape == "dot":
        axes.add_patch(Circle((x, y), DOT, facecolor=INK, edgecolor=INK, zorder=3))
        put(axes, x, y - DOT - 0.09, look.lines[0])
        return
    line = {"edgecolor": INK, "linewidth": 1.2, "zorder": 3}
    if look.shape == "circle":
        axes.add_patch(Circle((x, y), look.width / 2, facecolor=FILL["circle"], **line))
    elif look.shape in FILL:
        corner = (x - look.width / 2, y - look.height / 2)
        rounding = 0.06 if look.shape == "box" else look.height / 2.2
        style = f"round,pad=0,rounding_size={rounding}"
        axes.add_patch(FancyBboxPatch(corner, look.width, look.height, style, facecolor=FILL[look.shape], **line))
    heights = [text.size * 1.4 / 72 for text in look.lines]
    top = y - sum(heights) / 2
    for text, height in zip(look.lines, heights, strict=True):
        put(axes, x, top + height / 2, text)
        top += height


def _ties(structure: Structure) -> list[tuple[str, str, list[int]]]:
    """(mark, names, the nodes that share them) for tied parameters."""
    nodes = {node.name: i for i, node in enumerate(structure.nodes) if node.layer is not None}
    places: dict[str, list[int]] = {}
    for name, routes in routes_of({name: structure.nodes[i].layer for name, i in nodes.items()}).items():
        for route in routes:
            places.setdefault(route.name, []).append(nodes[name])
    shared: dict[tuple[int, ...], list[str]] = {}
    for name, where in places.items():
        if len(where) > 1:
            shared.setdefault(tuple(where), []).append(name)
    return [
        (chr(ord("a") + k % 26), " and ".join(names), list(where)) for k, (where, names) in enumerate(shared.items())
    ]


def _badge(axes: Axes, x: float, y: float, mark: str, colour: str) -> None:
    axes.add_patch(Circle((x, y), 0.09, facecolor=colour, edgecolor="white", linewidth=1.0, zorder=6))
    axes.text(
        x, y, mark, size=7.5, color="white", weight="bold", ha="center", va="center", zorder=7, family="DejaVu Sans"
    )
