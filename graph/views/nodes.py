"""What a structure is made of: nodes, the wires between them, and the ports where wires begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from layers.base import Layer

NO_GRADIENT = "none"  # what comes back where indices went in (Embedding)


@dataclass(frozen=True)
class Node:
    """A layer in its place; an input or an output of the model has no layer."""

    name: str
    layer: Layer | None
    kind: str  # "input", "output" or "layer"


@dataclass(frozen=True)
class Edge:
    """A wire from one output of one node to one input of another, with what it carries (None: not computed yet)."""

    source: int
    output: int
    target: int
    input: int
    value: Any = None
    gradient: Any = None


class Port(NamedTuple):
    """One output of a node: where a wire can begin."""

    node: int
    output: int


def fan(port: Port, n: int) -> tuple[Port, ...]:
    """The n outputs of a node."""
    return tuple(Port(port.node, i) for i in range(n))


def flat(ports: Any) -> list[Port]:
    """All ports of a nested tuple, in order."""
    return [ports] if type(ports) is Port else [port for part in ports for port in flat(part)]
