"""A circuit under construction: a graph, the wires of the parameters, and where their gradients will come out."""

from __future__ import annotations

from collections.abc import Callable

from graph.dag import Graph
from graph.naming.places import walk
from graph.naming.ties import routes_of
from graph.wiring.wire import Wire
from layers import Add
from layers.base import Layer


class ForwardBackward(Graph):
    """A graph that computes a cost and its gradients; `dotted` are the nodes that compute gradients of parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.dotted: set[str] = set()


class Circuit:
    """A graph with an input for each parameter of a model, under its name with "_" for each dot.

    `theta` says which wire stands for a parameter of a layer; `collect` takes in what a layer's place adds to its
    gradient, and `gradient` gives the sum. A tied parameter is one input, with as many addends as it has places.
    """

    def __init__(self, model: Layer) -> None:
        self.graph = ForwardBackward()
        leaves = {place or "0": layer for place, layer in walk(model) if not layer.layers}
        self.routes = routes_of(leaves)
        first = [route.name for routes in self.routes.values() for route in routes if route.first]
        self.names = dict(zip(first, model.params, strict=False))  # both in the order of the layers
        self.thetas: dict[str, Wire] = {}
        self.addends: dict[str, list[Wire]] = {name: [] for name in self.names.values()}

    def enter_parameters(self) -> None:
        """An input for each parameter."""
        self.thetas = {name: self.graph.input(name.replace(".", "_")) for name in self.addends}

    def has(self, place: str, short: str) -> bool:
        """Whether the layer at this place has such a parameter."""
        return any(route.short == short for route in self.routes[place or "0"])

    def theta(self, place: str, short: str) -> tuple[str, bool]:
        """The model's name for a parameter of the layer at this place, and whether it is the transpose of that."""
        route = next(route for route in self.routes[place or "0"] if route.short == short)
        return self.names[route.name], route.transposed

    def collect(self, name: str, addend: Callable[[], Wire]) -> None:
        """Place the gates of what one place adds to the gradient of a parameter: they are dotted."""
        before = set(self.graph.layers)
        self.addends[name].append(addend())
        self.graph.dotted |= self.graph.layers.keys() - before

    def gradient(self, name: str) -> Wire:
        """The gradient of a parameter: the sum over its places (14.47)."""
        addends = self.addends[name]
        if len(addends) == 1:
            return addends[0]
        node = f"dJ/d{name.replace('.', '_')}"
        self.graph.dotted.add(node)
        return self.graph.add(Add(), *addends, name=node)

    def label(self, name: str, place: str) -> str:
        """What the node with an addend is called: like the gradient itself, if it is the only one."""
        places = sum(self.names[route.name] == name for routes in self.routes.values() for route in routes)
        node = f"dJ/d{name.replace('.', '_')}"
        return node if places == 1 else f"{node} at {(place or '0').replace('.', '_')}"
