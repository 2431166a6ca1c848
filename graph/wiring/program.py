"""The program of a graph: its nodes as a flat list, each with the edges it takes from and puts to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from graph.wiring.forks import Node
from layers.base import Layer
from layers.errors import ShapeError
from layers.wires import described


class Operation(NamedTuple):
    """One node, ready to run: `take(values)` is its x_in, `take_back(gradients)` its g_out."""

    name: str
    layer: Layer
    take: Callable[[list], Any]
    edges_in: tuple[int, ...]
    take_back: Callable[[list], Any]
    edges_out: tuple[int, ...]
    reaches: bool  # whether a parameter lies behind it, so that its g_in is of use
    has_params: bool


def compile_nodes(nodes: Iterable[Node]) -> list[Operation]:
    """The operations in the order of computation."""
    program: list[Operation] = []
    behind: set[int] = set()  # the edges behind which a parameter lies
    for name, layer, ins, outs in nodes:
        reaches, has_params = not behind.isdisjoint(ins), bool(layer.params)
        if reaches or has_params:
            behind.update(outs)
        program.append(Operation(name, layer, taker(ins), ins, taker(outs), outs, reaches, has_params))
    return program


def taker(edges: tuple[int, ...]) -> Callable[[list], Any]:
    """What picks from a list of values the one, or the tuple of several, that lie on these edges.

    >>> taker((2,))("abc"), taker((0, 2))("abc"), taker(())("abc")
    ('c', ('a', 'c'), ())
    """
    return itemgetter(*edges) if edges else _nothing


def _nothing(values: list) -> tuple:
    return ()


def put(values: list, edges: tuple[int, ...], value: Any, name: str, layer: Layer) -> None:
    """Lay one value on one edge, or a tuple on several; `name` and `layer` are for the error if the numbers differ."""
    n = len(edges)
    if type(value) is not tuple and n == 1:
        values[edges[0]] = value
    elif n != 1 and type(value) is tuple and len(value) == n:
        if n == 2:  # nearly all gates
            values[edges[0]], values[edges[1]] = value
        else:
            for edge, part in zip(edges, value, strict=True):
                values[edge] = part
    else:
        expected = "one array" if len(edges) == 1 else f"a tuple of {len(edges)}"
        hint = " (a layer with several outputs says how many in n_outputs)" if name == "x_out" else ""
        raise ShapeError(f"{name} must be {expected}, got {described(value)}{hint}", repr(layer))
