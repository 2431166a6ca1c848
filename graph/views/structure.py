"""The structure of a model: containers and graphs taken apart into nodes and edges, ready to be laid out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from graph.dag import Graph
from graph.parallel import Parallel
from graph.sequential import Sequential
from graph.views.nodes import NO_GRADIENT, Edge, Node, Port, fan, flat
from graph.wiring.arity import outputs_of
from layers.base import Layer
from layers.wiring.identity import Identity


class Structure:
    """The nodes and edges of `model`; `Identity` between others is a plain wire.

    `steps` (those of a Trace) say what lies on the wires; a graph remembers that by itself.

    >>> from graph import Residual
    >>> from layers import ReLU
    >>> structure = Structure(Residual(ReLU()))
    >>> [node.name for node in structure.nodes]
    ['x', '0', '1.0', '2', 'y_hat']
    >>> [(edge.source, edge.target) for edge in structure.edges]
    [(0, 1), (1, 2), (2, 3), (1, 3), (3, 4)]
    """

    def __init__(self, model: Layer, steps: Any = ()) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.dotted: set[str] = getattr(model, "dotted", set())  # the nodes whose wires are drawn dotted
        self._steps = {(step.direction, step.name): step for step in steps}
        self._remembered: dict[Port, tuple[Any, Any]] = {}  # (value, gradient) from the graphs' own last pass
        if isinstance(model, Graph):
            names_in, names_out = [wire.name for wire in model.inputs], names_of_outputs(model)
        else:
            width = len(model) if isinstance(model, Parallel) else 1
            names_in = [f"x^{i}" for i in range(1, width + 1)] if width > 1 else ["x"]
            names_out = []
        ports = tuple(Port(self._node(name, None, "input"), 0) for name in names_in)
        ends = flat(self._place(model, "", ports if len(ports) != 1 else ports[0]))
        names_out = names_out or [f"y_hat^{i}" for i in range(1, len(ends) + 1)]
        for name, end in zip(names_out if len(ends) > 1 or isinstance(model, Graph) else ["y_hat"], ends, strict=True):
            self._connect(end, self._node(name, None, "output"), 0)
        self.edges = [replace(edge, **self._carried(edge)) for edge in self.edges]

    def _place(self, layer: Layer, name: str, ports: Any) -> Any:
        """Put a layer behind the ports; returns the port or the ports behind it."""
        if isinstance(layer, Graph):
            return self._place_graph(layer, name, ports if type(ports) is not Port else (ports,))
        if isinstance(layer, Sequential):
            for short, inner in layer.layers.items():
                ports = self._place(inner, _join(name, short), ports)
            return ports
        if isinstance(layer, Parallel):
            ports = ports if type(ports) is not Port else fan(ports, len(layer))
            if len(ports) != len(layer):
                raise ValueError(f'draw: "{name}" has {len(layer)} layers side by side, but {len(ports)} wires come in')
            pairs = zip(layer.layers.items(), ports, strict=True)
            return tuple(self._place(inner, _join(name, short), port) for (short, inner), port in pairs)
        if type(layer) is Identity and name:
            return ports
        node = self._node(name or "0", layer, "layer")
        for i, port in enumerate(flat(ports)):
            self._connect(port, node, i)
        port = Port(node, 0)
        return fan(port, n) if (n := outputs_of(layer)) > 1 else port

    def _place_graph(self, graph: Graph, name: str, ports: tuple[Port, ...]) -> Any:
        """The nodes of a graph, in its own order."""
        nodes = graph.nodes  # looking at them numbers the wires
        ends = {wire.edge: port for wire, port in zip(graph.inputs, ports, strict=True)}
        for node in nodes:
            inlets = tuple(ends[i] for i in node.edges_in)
            outlets = self._place(node.layer, _join(name, node.name), inlets[0] if len(inlets) == 1 else inlets)
            n = len(node.edges_out)
            outlets = outlets if type(outlets) is not Port else fan(outlets, n) if n > 1 else (outlets,)
            ends.update(zip(node.edges_out, outlets, strict=True))
        for i, port in ends.items():
            gradient = _at(graph.gradients, i)
            self._remembered[port] = (
                _at(graph.values, i),
                NO_GRADIENT if graph.gradients and gradient is None else gradient,
            )
        exits = sorted((edge.input, i) for i, edge in enumerate(graph.edges) if edge.target is None)
        outputs = tuple(ends[i] for _, i in exits)
        return outputs if len(outputs) > 1 else outputs[0]

    def _carried(self, edge: Edge) -> dict[str, Any]:
        """What lay on a wire in the last pass: by the steps, or by what its graph remembers."""
        source, target = self.nodes[edge.source].name, self.nodes[edge.target].name
        value, gradient = self._remembered.get(Port(edge.source, edge.output), (None, None))
        looks = (("forward", source, "x_out", edge.output), ("forward", target, "x_in", edge.input))
        value = next(filter(_known, (self._look(*look) for look in looks)), value)
        looks = (("backward", source, "g_out", edge.output), ("backward", target, "g_in", edge.input))
        gradient = next(filter(_known, (self._look(*look) for look in looks)), gradient)
        if gradient is None and ("backward", target) in self._steps:
            gradient = NO_GRADIENT
        return {"value": value, "gradient": gradient}

    def _look(self, direction: str, name: str, what: str, part: int) -> Any:
        wire = getattr(self._steps.get((direction, name)), what, None)
        return _at(wire, part) if type(wire) is tuple else wire

    def _node(self, name: str, layer: Layer | None, kind: str) -> int:
        self.nodes.append(Node(name, layer, kind))
        return len(self.nodes) - 1

    def _connect(self, port: Port, target: int, number: int) -> None:
        self.edges.append(Edge(port.node, port.output, target, number))


def names_of_outputs(graph: Graph) -> list[str]:
    """The names of a graph's outputs; "x_out" for one whose node was not named but numbered.

    >>> g = Graph()
    >>> g.output(g.input("x") * 2.0)
    >>> names_of_outputs(g)
    ['x_out']
    """
    names = []
    for i, wire in enumerate(graph.outputs, 1):
        layer = graph.layers.get(wire.name)
        numbered = layer is not None and re.fullmatch(rf"{type(layer).__name__.lower()}(_\d+)?", wire.name)
        names.append(wire.name if not numbered else f"x_out^{i}" if len(graph.outputs) > 1 else "x_out")
    return names


def _at(values: Any, i: int) -> Any:
    return values[i] if i < len(values) else None


def _known(value: Any) -> bool:
    return value is not None


def _join(outer: str, short: str) -> str:
    return f"{outer}.{short}" if outer else short
