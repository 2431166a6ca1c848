"""Wiring: how a graph is put together, and what is refused while it is."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from graph.container import Container
from graph.naming.places import walk
from graph.parameter import Parameter
from graph.wiring.arity import outputs_of
from graph.wiring.refusals import check_layer, check_name, check_number, check_open, check_wires
from graph.wiring.wire import Use, Wire
from layers.base import Array, Layer


class Wiring(Container):
    """A container whose layers are joined by wires; `Graph` runs it.

    Raises:    ValueError for a name that is taken, empty or holds a dot, a wire of another graph, a wrong number of
               wires; SharedLayerError for one layer object in two places; RuntimeError after the graph is fixed
    """

    def __init__(self) -> None:
        self.inputs: list[Wire] = []
        self.outputs: list[Wire] = []
        self.wires: dict[str, Wire] = {}  # every wire by its name, in the order of adding
        self.wiring: dict[str, tuple[tuple[Wire, ...], tuple[Wire, ...]]] = {}  # layer name -> wires in, wires out
        self.fixed = False
        self._stale = False
        self._places = {id(self): "the graph itself"}  # of every layer object inside
        self._counts: dict[str, int] = {}  # how often each made name was made
        super().__init__({})

    @property
    def params(self) -> Mapping[str, Array]:
        if self._stale:
            self._bind()
        return self._params

    @params.setter
    def params(self, params: Mapping[str, Array]) -> None:
        self._params = params
        self._stale = False

    def input(self, name: str) -> Wire:
        """A wire that a value enters by; `forward` takes the inputs in the order of these calls, or by name."""
        check_open(self)
        check_name(self, name)
        wire = self.wires[name] = Wire(self, name)
        self.inputs.append(wire)
        return wire

    def parameter(self, name: str, value: Any, dtype: Any = None) -> Wire:
        """A wire that carries a parameter of the graph, a copy of `value`, listed in `params` under its name."""
        return self.add(Parameter(value, dtype), name=name)

    def add(self, layer: Layer, *wires: Wire, name: str | None = None) -> Any:
        """Place a layer on wires; returns its output wire, or a tuple of them where it has several outputs.

        Without a name it is called after its class: "linear", "linear_2". A layer of one's own with several outputs
        says how many in an attribute `n_outputs`.
        """
        check_open(self)
        check_layer(self, layer, self._places)
        check_wires(self, wires)
        check_number(layer, wires)
        if name is None:
            name = self._made_name(type(layer).__name__.lower())
        check_name(self, name)
        self._places.update((id(inner), f"{name}.{short}" if short else name) for short, inner in walk(layer))
        n = outputs_of(layer)
        outs = tuple(Wire(self, f"{name}[{i}]" if n > 1 else name) for i in range(n))
        for i, wire in enumerate(wires):
            wire.uses.append(Use(name, i))
        self.wires.update((wire.name, wire) for wire in outs)
        self.wiring[name] = wires, outs
        self.layers[name] = layer
        self._stale = True
        return outs if n > 1 else outs[0]

    def output(self, *wires: Wire) -> None:
        """Let these wires out of the graph; a second call appends to the first."""
        check_open(self)
        check_wires(self, wires)
        for wire in wires:
            wire.uses.append(Use(None, len(self.outputs)))
            self.outputs.append(wire)

    @property
    def n_inputs(self) -> int:
        """How many wires a graph takes where it stands in another one."""
        return len(self.inputs)

    @property
    def n_outputs(self) -> int:
        """How many wires come out of it there."""
        return len(self.outputs)

    def _rewire(self) -> None:
        """Give a copy of the graph wires of its own."""
        copies = {wire: copy.copy(wire) for wire in self.wires.values()}
        for wire in copies.values():
            wire.graph, wire.uses = self, list(wire.uses)
        self.wires = {name: copies[wire] for name, wire in self.wires.items()}
        self.inputs = [copies[wire] for wire in self.inputs]
        self.outputs = [copies[wire] for wire in self.outputs]
        self.wiring = {
            name: (tuple(copies[wire] for wire in ins), tuple(copies[wire] for wire in outs))
            for name, (ins, outs) in self.wiring.items()
        }
        self._counts = dict(self._counts)
        self._places = self._places_now()

    def __getstate__(self) -> dict[str, Any]:
        if self._stale:
            self._bind()  # so that the copy knows what is tied
        return vars(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._places = self._places_now()

    def _places_now(self) -> dict[int, str]:
        return {id(layer): name or "the graph itself" for name, layer in walk(self)}

    def _made_name(self, name: str) -> str:
        count = self._counts[name] = self._counts.get(name, 0) + 1
        made = name if count == 1 else f"{name}_{count}"
        return self._made_name(name) if made in self.wires or made in self.layers else made

    def __repr__(self) -> str:
        lines = [f"inputs: {_names(self.inputs)}"] if self.inputs else []
        for name, (wires_in, _) in self.wiring.items():
            lines.append(f"{name}: {self.layers[name]!r}" + (f" <- {_names(wires_in)}" if wires_in else ""))
        lines.append(f"outputs: {_names(self.outputs)}")
        return "\n".join([f"{type(self).__name__}(", *("  " + line.replace("\n", "\n  ") for line in lines), ")"])


def _names(wires: Iterable[Wire]) -> str:
    return ", ".join(wire.name for wire in wires)
