"""Forks: lays a finished graph out as nodes and edges, with a visible Branch where a wire is used more than once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graph.wiring.wire import Wire
from layers.base import Gradients, Layer
from layers.errors import ShapeError
from layers.wiring.branch import Branch

if TYPE_CHECKING:
    from graph.dag import Graph


class Node(NamedTuple):
    """A layer in its place, or the Branch at a fork, with the numbers of the edges that enter and leave it."""

    name: str  # the layer's name in graph.layers; "branch(x)" for the fork of wire "x"
    layer: Layer
    edges_in: tuple[int, ...]
    edges_out: tuple[int, ...]


class Edge(NamedTuple):
    """From one output of one node to one input of one other: exactly one value above, one gradient below."""

    wire: str  # the name of the wire it is, or is a path of
    source: str  # the name of an input of the graph or of a node
    output: int  # which of the source's outputs
    target: str | None  # the name of a node, or None: an output of the graph
    input: int  # which of the target's inputs, or which of the graph's outputs


class Fork(Branch):
    """The Branch a graph places at a fork; it needs no operating point, and hands on whole numbers as they are.

    >>> fork = Fork(2)
    >>> fork.backward((3.0, 10.0))[0]
    13.0
    """

    def forward(self, x_in: Any) -> tuple[Any, ...]:
        return (x_in,) * self.n

    forward_unchecked = forward

    def backward(self, g_out: tuple[Any, ...]) -> tuple[Any, Gradients]:
        given = [g for g in g_out if g is not None]  # None: the path ends in a layer without a gradient (Embedding)
        shapes = {np.shape(g) for g in given}
        if len(shapes) > 1:
            raise ShapeError(f"the gradients of the paths must have one shape, got {sorted(shapes)}", repr(self))
        if not given:
            return None, {}
        *others, g_in = given  # the last path comes back first
        for g in reversed(others):
            g_in = g_in + g
        return g_in, {}

    backward_unchecked = Branch.backward_unchecked  # where all paths have a gradient, and of one shape


def lay_out(graph: Graph) -> tuple[list[Node], list[Edge]]:
    """All nodes in the order of computation and all edges; numbers the wires' edges on the way."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    ends: dict[tuple[str | None, int], int] = {}  # the edge that arrives at each use

    def leave(source: str, wires: tuple[Wire, ...]) -> Iterator[Node]:
        for output, wire in enumerate(wires):
            wire.uses.sort(key=lambda use: use.node is None)  # an output of the graph comes after all nodes
            wire.edge = len(edges)
            edges.append(Edge(wire.name, source, output, *_end(wire)))
        for wire in wires:
            if len(wire.uses) == 1:
                ends[wire.uses[0]] = wire.edge
                continue
            wire.paths = range(len(edges), len(edges) + len(wire.uses))
            ends.update(zip(wire.uses, wire.paths, strict=True))
            edges.extend(Edge(wire.name, _fork_name(wire), i, *use) for i, use in enumerate(wire.uses))
            yield Node(_fork_name(wire), Fork(len(wire.uses)), (wire.edge,), tuple(wire.paths))

    for wire in graph.inputs:
        nodes.extend(leave(wire.name, (wire,)))
    for name, (wires_in, wires_out) in graph.wiring.items():
        forks = list(leave(name, wires_out))
        edges_in = tuple(ends[name, i] for i in range(len(wires_in)))
        nodes.append(Node(name, graph.layers[name], edges_in, tuple(wire.edge for wire in wires_out)))
        nodes.extend(forks)
    return nodes, edges


def _end(wire: Wire) -> tuple[str | None, int]:
    return wire.uses[0] if len(wire.uses) == 1 else (_fork_name(wire), 0)


def _fork_name(wire: Wire) -> str:
    return f"branch({wire.name})"
