"""What a graph refuses while it is put together, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.naming.places import walk
from graph.parameter import Parameter
from graph.wiring.arity import inputs_of
from graph.wiring.wire import Wire
from layers.base import Layer
from layers.errors import SharedLayerError, label

if TYPE_CHECKING:
    from graph.wiring.wiring import Wiring


def check_open(graph: Wiring) -> None:
    """Nothing can be added after the first run."""
    if graph.fixed:
        raise RuntimeError("Graph: the graph is fixed since it was first run or drawn; add everything before")


def check_name(graph: Wiring, name: Any) -> None:
    """Layers and inputs share their names; a dot would make the names of parameters ambiguous."""
    if not isinstance(name, str) or not name or "." in name:
        raise ValueError(f"Graph: a name must be a string, not empty and without a dot, got {name!r}")
    if name in graph.wires or name in graph.layers:
        owner = f"layer {label(graph.layers[name])}" if name in graph.layers else "input"
        raise ValueError(f'Graph: the name "{name}" is taken by the {owner}')


def check_layer(graph: Wiring, layer: Any, places: dict[int, str]) -> None:
    """A layer, and neither it nor one inside it stands in the graph already; `places` are those by id."""
    if not isinstance(layer, Layer):
        hint = ": give an instance, not the class" if isinstance(layer, type) else ""
        raise TypeError(f"Graph: add needs a Layer, got {layer!r}{hint}")
    for _, inner in walk(layer):
        if id(inner) in places:
            raise SharedLayerError(
                f'{label(inner)} stands already in "{places[id(inner)]}" and has one operating point: '
                "add layer.tied(), the same parameters with a memory of its own",
                type(graph).__name__,
            )


def check_wires(graph: Wiring, wires: tuple[Any, ...]) -> None:
    """Wires, and of this graph."""
    for wire in wires:
        if not isinstance(wire, Wire):
            hint = "unpack it with *" if isinstance(wire, (tuple, list)) else "let it in by g.input or g.parameter"
            raise TypeError(f"Graph: wires come from g.input, g.parameter or g.add, got {wire!r}: {hint}")
        if wire.graph is not graph:
            raise ValueError(f'Graph: wire "{wire.name}" belongs to another graph')


def check_number(layer: Layer, wires: tuple[Wire, ...]) -> None:
    """As many wires as the layer takes, where that can be told before it runs."""
    expected = 0 if isinstance(layer, Parameter) else inputs_of(layer)
    if len(wires) == expected or (expected is None and wires):
        return
    takes = "one wire or more" if expected is None else f"{expected} wire{'' if expected == 1 else 's'}"
    raise ValueError(f"Graph: {label(layer)} takes {takes}, got {len(wires)}")


def check_finished(graph: Wiring) -> None:
    """There is an output, and every wire leads somewhere."""
    if not graph.outputs:
        raise ValueError("Graph: the graph has no output: name one or more wires by g.output(...)")
    for wire in graph.wires.values():
        if not wire.uses:
            raise ValueError(f'Graph: wire "{wire.name}" leads nowhere: use it, or let it out by g.output(...)')
