"""The records a trace is made of: plain, and shared by all its views."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.base import Array, Layer, Wire


@dataclass(frozen=True)
class Record:
    """One step. A forward step has x_in and x_out; a backward step has g_out, g_in and param_grads as well."""

    number: int  # counted from 1
    direction: str  # "forward" or "backward"
    name: str  # the layer's place in the model, "loss", or the name of a tied parameter
    layer: Layer | None  # None for the sum of a tied parameter's gradients
    rule: str
    x_in: Wire = None
    x_out: Wire = None
    g_out: Wire = None
    g_in: Wire = None
    params: Mapping[str, Array] = field(default_factory=dict)  # copies: what they were during the pass
    param_grads: Mapping[str, Array] = field(default_factory=dict)
    addends: Mapping[str, Array] = field(default_factory=dict)  # where the gradient is a sum: its parts
    param_rules: tuple[str, ...] = ()
    called: tuple[str, str] = ("x_in", "x_out")  # a loss takes (y_hat, y) and gives J


class Steps:
    """Iterates over a generator of steps and keeps what the generator returns as `result`."""

    def __init__(self, steps: Generator) -> None:
        self.steps = steps
        self.result: Any = None

    def __iter__(self) -> Iterator[Any]:
        self.result = yield from self.steps


def parts_of(name: str, value: Wire) -> list[tuple[str, Array]]:
    """The arrays of one wire or of several, each with its name; a wire that carries nothing is left out.

    >>> parts_of("x_in", (1.0, None, 3.0)), parts_of("y_hat, y", (1.0, 2.0))
    ([('x_in^1', 1.0), ('x_in^3', 3.0)], [('y_hat', 1.0), ('y', 2.0)])
    """
    if type(value) is not tuple:
        return [] if value is None else [(name, value)]
    names = name.split(", ") if ", " in name else [f"{name}^{i}" for i in range(1, len(value) + 1)]
    return [(name, part) for name, part in zip(names, value, strict=True) if part is not None]


def gradient_of(name: str) -> str:
    """What the gradient of a parameter is called.

    >>> gradient_of("W"), gradient_of("hidden.W")
    ('dJ/dW', 'dJ/d(hidden.W)')
    """
    return f"dJ/d({name})" if "." in name else f"dJ/d{name}"


def copied(value: Any) -> Wire:
    """The input as arrays of the trace's own: the reader may write into theirs afterwards."""
    return tuple(map(copied, value)) if type(value) is tuple else np.array(value)


def ones_like(value: Wire) -> Wire:
    """Ones on every wire: the gradient to begin with where there is no loss."""
    return tuple(ones_like(part) for part in value) if type(value) is tuple else np.ones_like(value)
