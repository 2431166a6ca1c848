"""Flatten: goes through a model, into its containers, and writes the script of its layers."""

from __future__ import annotations

from typing import Any

from graph.container import Container
from graph.dag import Graph
from graph.flat.rules import RULES, Rules, rule_of
from graph.flat.script import Script
from graph.naming.places import walk
from graph.naming.ties import routes_of
from graph.parallel import Parallel
from graph.parameter import Parameter
from graph.sequential import Sequential
from layers.base import Layer
from layers.wiring.branch import Branch
from layers.wiring.identity import Identity


class Flattener:
    """Writes one model into a script; `params` says which variable holds which parameter of the model."""

    def __init__(self, script: Script, model: Layer, rules: Rules) -> None:
        self.rules = RULES | rules
        self.script = script
        leaves = {place: layer for place, layer in walk(model) if not isinstance(layer, Container)}
        self.routes = routes_of(leaves)
        self.params: dict[str, str] = {}  # variable by the parameter's name in the model
        for place, routes in self.routes.items():
            for route in routes:
                if route.first:
                    wish = place if isinstance(leaves[place], Parameter) else f"{route.short}_{place}"
                    self.params[route.name.lstrip(".")] = script.name(wish)

    def run(self, layer: Layer, xs: tuple[str, ...], place: str = "") -> tuple[str, ...]:
        """Write a layer on these variables; returns the variables of its outputs."""
        inside = [(f"{place}.{name}" if place else name, inner) for name, inner in layer.layers.items()]
        if isinstance(layer, Graph):
            return self._graph(layer, xs, place)
        if isinstance(layer, Sequential):
            for inner_place, inner in inside:
                xs = self.run(inner, xs, inner_place)
            return xs
        if isinstance(layer, Parallel):
            return tuple(y for (p, inner), x in zip(inside, xs, strict=True) for y in self.run(inner, (x,), p))
        if isinstance(layer, Branch):
            return xs * layer.n  # the same variable: its gradients add by +=
        if isinstance(layer, Identity):
            return xs
        if isinstance(layer, Parameter):
            return (self.params[self.routes[place][0].name.lstrip(".")],)
        return (self._leaf(layer, xs, place),)

    def _graph(self, graph: Graph, xs: tuple[str, ...], place: str) -> tuple[str, ...]:
        nodes, edges = graph.nodes, graph.edges
        on_edge = dict(zip((wire.edge for wire in graph.inputs), xs, strict=True))
        for name, layer, edges_in, edges_out in nodes:
            inner = f"{place}.{name}" if place else name
            outs = self.run(layer, tuple(on_edge[edge] for edge in edges_in), inner)
            on_edge.update(zip(edges_out, outs, strict=True))
        exits = sorted((edge.input, number) for number, edge in enumerate(edges) if edge.target is None)
        return tuple(on_edge[number] for _, number in exits)

    def _leaf(self, layer: Layer, xs: tuple[str, ...], place: str) -> str:
        rule = rule_of(self.rules, place, layer, len(xs))
        y = self.script.name(variable(layer, place))
        names: dict[str, Any] = {"layer": layer, "y": y, "g": f"grad_{y}", "x": xs[0] if xs else ""}
        names |= {f"x{i}": x for i, x in enumerate(xs)}
        for short, name, _, transposed in self.routes[place]:
            names[short] = self.params[name.lstrip(".")] + (".T" if transposed else "")
        back = [(x, g.format(**names)) for x, g in zip(xs, rule.backward, strict=True)]
        back = back if len(set(xs)) == len(xs) else back[::-1]  # one wire on two inputs: the last path comes back first
        for short, name, _, transposed in self.routes[place]:
            g = rule.params[short].format(**names)
            back.append((self.params[name.lstrip(".")], f"({g}).T" if transposed else g))
        return self.script.assign(y, rule.forward.format(**names), back)


def variable(layer: Layer, place: str) -> str:
    """A readable name: that of the place, with the layer's class where the place is only a number.

    >>> variable(Identity(), "hidden.scores"), variable(Identity(), "block.2")
    ('hidden.scores', 'identity_block.2')
    """
    kind = type(layer).__name__.lower()
    return f"{kind}_{place}" if not place or place.rpartition(".")[2].isdigit() else place
