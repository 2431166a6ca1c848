"""Ties: which parameters of several layers are one and the same array, and under which name it is listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from graph.naming.live_params import owner
from graph.parameter import place_of
from layers.base import Layer
from layers.update import check_movable


class Route(NamedTuple):
    """Where one parameter of one layer stands in the container's list."""

    short: str  # its name in the layer
    name: str  # its name in the container: for a tied parameter that of its first place
    first: bool  # whether this is the first place of the array
    transposed: bool  # whether this place holds the transpose of the first


def routes_of(layers: Mapping[str, Layer]) -> dict[str, list[Route]]:
    """For each layer the routes of its parameters. Two arrays are tied if they are the same numbers in memory.

    >>> from layers import Linear
    >>> encoder = Linear(3, 2, bias=False, rng=0)
    >>> routes_of({"encoder": encoder, "decoder": encoder.tied(transpose=True)})["decoder"]
    [Route(short='W', name='encoder.W', first=False, transposed=True)]
    """
    seen: dict[tuple, str] = {}
    routes: dict[str, list[Route]] = {}
    for layer_name, layer in layers.items():
        routes[layer_name] = []
        for short, theta in layer.params.items():
            name = place_of(layer_name, layer, short)
            check_movable(theta, f"parameter {name}")
            here, across = _place(theta), _place(theta.T)
            if theta.size and here in seen:
                routes[layer_name].append(Route(short, seen[here], False, False))
            elif theta.size and across in seen:
                routes[layer_name].append(Route(short, seen[across], False, True))
            else:
                seen[here] = name
                routes[layer_name].append(Route(short, name, True, False))
    return routes


def tie_again(layers: Mapping[str, Layer], routes: Mapping[str, list[Route]], params: Mapping[str, np.ndarray]) -> None:
    """Make one array again of those that were one before a copy: a transpose, an object of its own, went separately."""
    for layer_name, places in routes.items():
        for route in places:
            layer, short = owner(layers[layer_name], route.short)
            theta = params[route.name]
            if not route.first and not np.may_share_memory(layer.params[short], theta):
                layer.params[short] = theta.T if route.transposed else theta


def _place(theta: np.ndarray) -> tuple:
    """Where in memory the numbers lie, and in what order."""
    return theta.__array_interface__["data"][0], theta.shape, theta.strides, theta.dtype.str
