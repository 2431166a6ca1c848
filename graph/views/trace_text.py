"""The text view of a trace: one aligned line a step, within 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graph.steps import shape_of
from graph.views.numbers import short
from graph.views.record import gradient_of
from layers.base import Wire
from layers.errors import label

if TYPE_CHECKING:
    from graph.views.record import Record
    from graph.views.trace import Trace

WIDTH = 100
LIMITS = (3, 12, 20, 14, 2, 14)  # of number, place, layer, shape, arrow, shape


def text_of(trace: Trace) -> str:
    """The whole trace; the names are as wide as they must be, the numbers get what is left.

    >>> from graph import Sequential, Trace
    >>> from layers import Linear, ReLU
    >>> model = Sequential(Linear.from_arrays([[1.0, 2.0]], [3.0]), ReLU())
    >>> print(Trace(model, None, [1.0, 1.0]))
    Sequential, backward from ones
    forward
     1  0  Linear(2 -> 1)   (2,) -> (1,)  x_out  6
     2  1  ReLU(at_zero=0)  (1,) -> (1,)  x_out  6
    backward
     3  1  ReLU(at_zero=0)  (1,) <- (1,)  g_in  1
     4  0  Linear(2 -> 1)   (2,) <- (1,)  g_in  1 2 | dJ/dW  1 1 | dJ/db  1
    """
    head = label(trace.model) + (", backward from ones" if trace.loss is None else f", {label(trace.loss)}")
    if trace.J is not None:
        head += f": J = {numbers(trace.J, 24)}"
    rows = [_cells(step) for step in trace.steps]
    widths = [min(max(map(len, column)), limit) for column, limit in zip(zip(*rows, strict=True), LIMITS, strict=True)]
    lines = [clipped(head, WIDTH)]
    for step, row in zip(trace.steps, rows, strict=True):
        if step.direction not in lines:
            lines.append(step.direction)
        number, name, layer, left, arrow, right = (
            clipped(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)
        )
        start = f"{number.strip().rjust(max(widths[0], 2))}  {name}  {layer}  " + (
            f"{left} {arrow} {right}  " if step.layer is not None else ""
        )
        lines.append((start + _fitting(_results(step), WIDTH - len(start))).rstrip())
    return "\n".join(lines)


def numbers(value: Any, room: int) -> str:
    """As many of the first numbers of an array as fit into `room` columns; the rest is an ellipsis.

    >>> numbers(np.arange(9.0), 12)
    '0 1 2 3 ...'
    """
    flat = np.asarray(value).ravel()
    words: list[str] = []
    for i, x in enumerate(flat):
        word = short(x)
        tail = 0 if i == flat.size - 1 else 4
        if sum(map(len, words)) + len(words) + len(word) + tail > room:
            return " ".join([*words, "..."])
        words.append(word)
    return " ".join(words)


def clipped(text: str, width: int) -> str:
    """The text, its end replaced by two dots where it is too long."""
    return text if len(text) <= width else text[: width - 2] + ".."


def _cells(step: Record) -> tuple[str, ...]:
    if step.layer is None:
        return str(step.number), step.name, "sum of gradients", "", "  ", ""
    layer = label(step.layer)
    layer = layer if len(layer) <= LIMITS[2] else type(step.layer).__name__
    if step.direction == "forward":
        return str(step.number), step.name, layer, wire_shape(step.x_in), "->", wire_shape(step.x_out)
    return str(step.number), step.name, layer, wire_shape(step.g_in), "<-", wire_shape(step.g_out)


def wire_shape(value: Wire) -> str:
    """The shape of a wire; several wires of one shape are counted.

    >>> wire_shape(np.ones((2, 3))), wire_shape((np.ones(2), np.ones(2)))
    ('(2, 3)', '2 of (2,)')
    """
    shapes = [shape_of(part) for part in value] if type(value) is tuple else []
    return f"{len(shapes)} of {shapes[0]}" if shapes and len(set(shapes)) == 1 else shape_of(value)


def _results(step: Record) -> list[tuple[str, Wire]]:
    """What a step has worked out, by name."""
    if step.direction == "forward":
        return _wires(step.called[1], step.x_out)
    sums = [(name, g) for name, g in step.addends.items()] if step.layer is None else []
    return [
        *(_wires("g_in", step.g_in) if step.layer is not None else []),
        *((gradient_of(name), g) for name, g in step.param_grads.items()),
        *sums,
    ]


def _wires(name: str, value: Wire) -> list[tuple[str, Wire]]:
    if type(value) is not tuple:
        return [(name, value)] if value is not None else []
    return [(f"{name}^{i}", part) for i, part in enumerate(value, 1) if part is not None]


def _fitting(parts: list[tuple[str, Wire]], room: int) -> str:
    """The named arrays side by side, each with a fair share of the room; what does not fit at all is left out."""
    text = ""
    for i, (name, value) in enumerate(parts):
        joint = " | " if text else ""
        share = max((room - len(text)) // (len(parts) - i), 20) - len(joint) - len(name) - 2
        text += f"{joint}{name}  {numbers(value, share)}"
        if i < len(parts) - 1 and room - len(text) < 20:
            break
    return clipped(text, room)
