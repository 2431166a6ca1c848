"""A graph turned round: a node for each node that the data passes, the wires the other way, an Add at each fork."""

from __future__ import annotations

from collections.abc import Callable

from graph.backward.forms import ELEMENTWISE, arms_of, kind_of
from graph.backward.local_jacobian import LocalJacobian
from graph.container import Container
from graph.dag import Graph
from graph.wiring.forks import Fork, Node
from graph.wiring.wire import Wire
from layers import Add, Identity
from layers.base import Layer
from layers.errors import locate


def reversed_graph(graph: Graph, linear_form: Callable[[Layer], Layer]) -> Graph:
    """The backward network of a graph that has run: its inputs are the gradients of the outputs, and vice versa.

    Raises:    the refusals of `linear_form`, with the place in front

    Parameters that are leaves get no wires: they are no data.

    >>> from graph import backward_network
    >>> g = Graph()
    >>> x, y = g.input("x"), g.input("y")
    >>> g.output(x * y + x)
    >>> g.forward(3.0, 5.0)
    np.float64(18.0)
    >>> network = backward_network(g)
    >>> [float(gradient) for gradient in network.forward(10.0)]         # 10 * (5 + 1), 10 * 3
    [60.0, 30.0]
    """
    back = Graph()
    gradients: dict[int, Wire] = {}  # the wire that carries the gradient of each edge
    exits = sorted((edge.input, number) for number, edge in enumerate(graph.edges) if edge.target is None)
    for wire, (_, number) in zip(graph.outputs, exits, strict=True):
        gradients[number] = back.input(_free(back, f"g({wire.name})"))
    alive = _behind_data(graph)
    if not alive.issuperset(gradients):
        raise ValueError("backward_network: an output of the graph does not depend on its inputs")
    try:
        for node in reversed(graph.nodes):
            edges_in = [edge for edge in node.edges_in if edge in alive]
            if edges_in:
                g_out = [gradients[edge] for edge in node.edges_out]
                g_ins = _turn(back, node, g_out, [edge in alive for edge in node.edges_in], linear_form)
                gradients.update(zip(edges_in, g_ins, strict=True))
    except Exception as error:
        locate(error, graph, node.name)
        raise
    back.output(*(gradients[wire.edge] for wire in graph.inputs))
    return back


def _behind_data(graph: Graph) -> set[int]:
    """The edges that carry something computed from the inputs."""
    alive = {wire.edge for wire in graph.inputs}
    for node in graph.nodes:
        if not alive.isdisjoint(node.edges_in):
            alive.update(node.edges_out)
    return alive


def _turn(back: Graph, node: Node, g_out: list[Wire], wanted: list[bool], linear_form: Callable) -> list[Wire]:
    """Place the linear form of one node; returns the wires with the gradients of its wanted inputs, in order."""
    layer = node.layer
    if isinstance(layer, Fork):
        return [back.add(Add(), *g_out, name=_free(back, node.name.replace("branch", "sum", 1)))]
    if len(wanted) > 1 and kind_of(layer) in (None, *ELEMENTWISE) and not isinstance(layer, Container):
        arms = arms_of(layer)
    elif all(wanted):
        g_in = back.add(linear_form(layer), *g_out, name=_free(back, node.name))
        return list(g_in) if type(g_in) is tuple else [g_in]
    else:
        arms = [LocalJacobian(layer, i) for i in range(len(wanted))]
    names = (f"{node.name}^{i}" for i in range(1, len(arms) + 1))
    ways = [(arm, name) for arm, name, is_wanted in zip(arms, names, wanted, strict=True) if is_wanted]
    # where a gate hands the gradient on as it is there is no node but the wire
    return [g_out[0] if type(arm) is Identity else back.add(arm, *g_out, name=_free(back, name)) for arm, name in ways]


def _free(back: Graph, name: str) -> str:
    """The name, with primes until nothing else in the graph has it."""
    while name in back.wires or name in back.layers:
        name += "'"
    return name
