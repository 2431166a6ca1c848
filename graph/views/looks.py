"""Looks: how each node and each wire's label is drawn, and the room that takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.parameter import Parameter
from graph.views.nodes import NO_GRADIENT, Edge, Node
from graph.views.numbers import GRADIENT, QUIET, VALUE, short, two_places
from graph.views.text import Text
from layers.errors import label
from layers.wiring.branch import Branch

SYMBOLS = {
    "Add": "$+$", "Subtract": "$-$", "Multiply": r"$\times$", "Divide": r"$\div$", "Max": "max", "Min": "min",
    "MatMul": "@", "Exp": "exp", "Log": "log", "Sin": "sin", "Cos": "cos", "Abs": "$|x|$", "Sqrt": r"$\sqrt{x}$",
    "Reciprocal": "$1/x$", "Negate": r"$\times\,{-1}$", "Square": "$x^2$", "Sum": r"$\Sigma$", "Mean": "mean",
}  # fmt: skip
OPERATORS = ("$+$", "$-$", r"$\times$", r"$\div$", r"$\Sigma$", "@")
RADIUS, DOT, STRIP, CELLS = 0.26, 0.07, (0.8, 0.1), 12


@dataclass(frozen=True)
class Look:
    """The shape of a node ("circle", "dot", "box", "pill" or "bare"), its lines of text, its size in inches."""

    shape: str
    lines: tuple[Text, ...]
    width: float
    height: float

    @property
    def half(self) -> float:
        """From the centre to where wires begin and end."""
        return DOT if self.shape == "dot" else self.width / 2


def look_of(node: Node) -> Look:
    """Gates are circles with their operator, Branches dots, parameters pills, all other layers boxes."""
    layer = node.layer
    if layer is None:
        return _framed("bare", (Text(_typeset(node.name), 11.0, weight="bold"),), 0.08)
    if isinstance(layer, Branch):
        return Look("dot", (Text("Branch", 6.5, QUIET),), 0.4, 2 * DOT + 0.34)
    if isinstance(layer, Parameter):
        shape = () if layer.params["theta"].ndim == 0 else (Text(str(layer.params["theta"].shape), 7.5, QUIET),)
        return _framed("pill", (Text(_typeset(node.name), 10.0, weight="bold"), *shape))
    symbol = symbol_of(layer)
    if symbol:
        line = Text(symbol, 16.0 if symbol in OPERATORS else 11.0)
        radius = max(RADIUS, line.width / 2 + 0.06)
        return Look("circle", (line,), 2 * radius, 2 * radius)
    title = tuple(Text(part, 9.0, weight="bold") for part in _wrapped(label(layer)))
    params = ",  ".join(f"{name} {theta.shape}" for name, theta in layer.params.items() if layer.params)
    place = node.name.split(".")[-1]
    return _framed("box", (Text(node.name if place.isdigit() else place, 7.5, QUIET), *title, *_params(params)))


def symbol_of(layer: Any) -> str:
    """The operator in a gate's circle; "" for what is no gate.

    >>> from layers import Add, Scale
    >>> symbol_of(Add()), symbol_of(Scale(-1.0))
    ('$+$', '$\\\\times\\\\,{-1}$')
    """
    kind = type(layer).__name__
    if kind in ("Scale", "Shift", "Power") and type(layer).__module__.startswith("layers.gates"):
        constant = next(v for name, v in vars(layer).items() if name in ("a", "c", "p"))
        return {
            "Scale": rf"$\times\,{{{constant:.3g}}}$",
            "Shift": f"${constant:+.3g}$",
            "Power": f"$x^{{{constant:.3g}}}$",
        }[kind]
    return SYMBOLS.get(kind, "") if type(layer).__module__.startswith("layers.gates") else ""


def label_of(edge: Edge) -> tuple[tuple[Text, ...], float, float]:
    """What stands on a wire: (value above, gradient below), width and height; nothing where nothing is known."""
    if edge.value is None:
        return (), 0.0, 0.0
    if np.size(edge.value) == 1:
        texts = (
            Text(two_places(np.asarray(edge.value).item()), 11.0, VALUE),
            Text(gradient_text(edge, lambda g: two_places(np.asarray(g).item())), 11.0, GRADIENT, style="italic"),
        )
        return texts, max(text.width for text in texts) + 0.12, 0.46
    below = gradient_text(edge, lambda g: f"max {short(np.abs(g).max(initial=0.0))}")
    texts = (Text(str(np.shape(edge.value)), 8.0, VALUE), Text(below, 8.0, GRADIENT, style="italic"))
    return texts, max(STRIP[0], *(text.width for text in texts)) + 0.1, 0.74


def gradient_text(edge: Edge, written: Callable[[Any], str]) -> str:
    """The gradient as `written`; "?" where it is not computed yet, "none" where there is none."""
    if edge.gradient is None:
        return "?"
    return NO_GRADIENT if isinstance(edge.gradient, str) else written(edge.gradient)


def _framed(shape: str, lines: Sequence[Text], margin: float = 0.11) -> Look:
    width = max(line.width for line in lines) + 2 * margin
    return Look(shape, tuple(lines), max(width, 0.3), sum(line.size for line in lines) * 1.4 / 72 + 2 * margin * 0.6)


def _typeset(name: str) -> str:
    """A name as it is, so that no character of it is taken for mathematics."""
    return name.replace("$", r"\$")


def _wrapped(text: str, width: int = 24) -> list[str]:
    """A long repr in a few lines, broken after commas."""
    lines = [""]
    for part in text.replace(", ", ",\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part if part.endswith(")") or not part.endswith(",") else part + " "
    lines = [_typeset(line.strip()) for line in lines]
    lines = [line if len(line) <= width + 8 else line[: width + 6] + ".." for line in lines]
    return lines if len(lines) <= 3 else [*lines[:2], "..."]


def _params(text: str) -> tuple[Text, ...]:
    return (Text(text if len(text) < 40 else text[:38] + "..", 7.5, QUIET),) if text else ()
