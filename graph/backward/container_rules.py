"""How chains, parallel ways and graphs are computed forward and backward by gates, layer by layer."""

from __future__ import annotations

from graph.backward.circuit import Circuit
from graph.backward.gate_rules import RULES, Pull, Rule, Wires
from graph.dag import Graph
from graph.parallel import Parallel
from graph.residual import Residual
from graph.sequential import Sequential
from layers.base import Layer
from layers.errors import label


def place(circuit: Circuit, where: str, layer: Layer, x_in: Wires) -> tuple[Wires, Pull]:
    """Place a layer's forward gates on x_in; refuse a layer without a rule by its name and place."""
    rule = RULES.get(type(layer)) or CONTAINERS.get(type(layer))
    if rule is None:
        what = f'layer "{where or 0}", {label(layer)}'
        raise NotImplementedError(f"forward_backward_graph: no gates for {what}; see graph/backward/gate_rules.py")
    return rule(circuit, where, layer, x_in)


def chain(circuit: Circuit, where: str, layer: Sequential, x_in: Wires) -> tuple[Wires, Pull]:
    """One after the other, and back."""
    pulls = []
    for name, inner in layer.layers.items():
        x_in, pull = place(circuit, _join(where, name), inner, x_in)
        pulls.append(pull)

    def pull_all(g_out: Wires) -> Wires:
        for pull in reversed(pulls):
            g_out = pull(g_out)
        return g_out

    return x_in, pull_all


def side_by_side(circuit: Circuit, where: str, layer: Parallel, x_in: Wires) -> tuple[Wires, Pull]:
    """Each on its wire."""
    pairs = zip(layer.layers.items(), x_in, strict=True)
    placed = [place(circuit, _join(where, name), inner, x) for (name, inner), x in pairs]

    def pull_all(g_out: Wires) -> Wires:
        return tuple(pull(g) for (_, pull), g in zip(placed, g_out, strict=True))

    return tuple(x_out for x_out, _ in placed), pull_all


def nodes(circuit: Circuit, where: str, layer: Graph, x_in: Wires) -> tuple[Wires, Pull]:
    """Node by node in the graph's order, and back."""
    if len(layer.inputs) != 1 and not where:
        raise NotImplementedError(f"forward_backward_graph: one input is needed, the graph has {len(layer.inputs)}")
    exits = sorted((edge.input, number) for number, edge in enumerate(layer.edges) if edge.target is None)
    edges_in, edges_out = [wire.edge for wire in layer.inputs], [number for _, number in exits]
    on_edge = dict(zip(edges_in, x_in if type(x_in) is tuple else (x_in,), strict=True))
    pulls = []
    for node in layer.nodes:
        x = tuple(on_edge[edge] for edge in node.edges_in)
        x_out, pull = place(circuit, _join(where, node.name), node.layer, x[0] if len(x) == 1 else x)
        on_edge.update(zip(node.edges_out, x_out if type(x_out) is tuple else (x_out,), strict=True))
        pulls.append((node, pull))

    def pull_all(g_out: Wires) -> Wires:
        back = dict(zip(edges_out, g_out if type(g_out) is tuple else (g_out,), strict=True))
        for node, pull in reversed(pulls):
            gs = tuple(back[edge] for edge in node.edges_out)
            g_in = pull(gs[0] if len(gs) == 1 else gs)
            back.update(zip(node.edges_in, g_in if type(g_in) is tuple else (g_in,), strict=True))
        g_in = tuple(back[edge] for edge in edges_in)
        return g_in if len(g_in) > 1 else g_in[0]

    x_out = tuple(on_edge[edge] for edge in edges_out)
    return x_out if len(x_out) > 1 else x_out[0], pull_all


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


CONTAINERS: dict[type[Layer], Rule] = {Sequential: chain, Residual: chain, Parallel: side_by_side, Graph: nodes}
