"""A layer frozen at its operating point: running the original forward again does not move it."""

from __future__ import annotations

import copy

from graph.naming.places import walk
from layers.base import Layer


def frozen(layer: Layer) -> Layer:
    """A copy with a memory of its own and the very parameters of the layer.

    >>> from layers import Softplus
    >>> layer = Softplus()
    >>> _ = layer.forward([0.0])
    >>> still = frozen(layer)
    >>> _ = layer.forward([1000.0])
    >>> still.backward([10.0])[0]                      # the slope at 0 is 1/2
    array([5.])
    """
    shared = [theta for _, inner in walk(layer) for theta in inner.params.values()]
    return copy.deepcopy(layer, {id(theta): theta for theta in shared})
