"""Looking without touching: whatever a check runs, the layer is afterwards as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from graph.naming.places import walk
from layers.base import Layer


class Memory:
    """All of a layer and of the layers inside it that a pass may change."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.attributes = [(inner, dict(vars(inner))) for _, inner in walk(layer)]
        self.params = [(theta, theta.copy()) for theta in layer.params.values()]
        self.state = layer.state()
        values = [value for _, attributes in self.attributes for value in attributes.values()]
        generators = [value for value in values if isinstance(value, np.random.Generator)]
        self.generators = [(rng, rng.bit_generator.state) for rng in generators]

    def rewind(self) -> None:
        """Running statistics and random generators as they were: the next forward pass repeats the last."""
        if self.state:
            self.layer.load_state(self.state)
        for rng, state in self.generators:
            rng.bit_generator.state = state

    def restore_params(self) -> None:
        """The numbers of the parameters as they were, in their arrays."""
        for theta, value in self.params:
            if not np.array_equal(theta, value, equal_nan=True):
                theta[...] = value

    def restore(self) -> None:
        """All of it as it was, the operating point included."""
        for inner, attributes in self.attributes:
            vars(inner).clear()
            vars(inner).update(attributes)
        self.rewind()
        self.restore_params()


@contextmanager
def undisturbed(*layers: Any) -> Iterator[list[Memory]]:
    """Inside, the layers may run; after it, their memory, state and parameters are as before.

    >>> from layers import ReLU
    >>> layer = ReLU()
    >>> x_out = layer.forward([1.0, -1.0])
    >>> with undisturbed(layer):
    ...     x_out = layer.forward([5.0])
    >>> layer.backward([1.0, 1.0])[0]
    array([1., 0.])
    """
    memories = [Memory(layer) for layer in layers if layer is not None]
    try:
        yield memories
    finally:
        for memory in memories:
            memory.restore()
