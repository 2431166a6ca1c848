"""Contributions: what each place of a tied parameter adds to its gradient, before the sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graph.naming.ties import Route
from graph.parameter import place_of
from layers.base import Array, Gradients, Layer
from layers.errors import ParameterNameError, label

if TYPE_CHECKING:
    from graph.container import Container


def addends_of(
    layers: Mapping[str, Layer],
    routes: Mapping[str, list[Route]],
    tied_names: set[str],
    param_grads: Mapping[str, Gradients],
) -> Gradients:
    """By place, what each layer gave for the parameters of these names."""
    return {
        place_of(layer_name, layers[layer_name], route.short): _turned(param_grads[layer_name][route.short], route)
        for layer_name, layer_routes in routes.items()
        for route in layer_routes
        if route.name in tied_names
    }


def _turned(g: Array, route: Route) -> Array:
    return g.T if route.transposed else g


def contributions(container: Container, name: str, routes: Mapping[str, list[Route]], addends: Gradients) -> Gradients:
    """The addends of one parameter by place, from the container's own `addends` and those of the containers inside."""
    if name not in container.params:
        known = ", ".join(container.params) or "none"
        raise ParameterNameError(f"no parameter {name!r} here; known: {known}", label(container))
    found: Gradients = {}
    for layer_name, layer_routes in routes.items():
        layer = container.layers[layer_name]
        for route in layer_routes:
            if route.name != name:
                continue
            place = place_of(layer_name, layer, route.short)
            inside = layer.contributions(route.short) if hasattr(layer, "contributions") else {}
            for inner, g in inside.items():
                found[f"{layer_name}.{inner}"] = _turned(g, route)
            if not inside and place in addends:
                found[place] = addends[place]
    return found
