"""How many wires go into a layer and come out of it, as far as the layer can say."""

from __future__ import annotations

from graph.parallel import Parallel
from graph.sequential import Sequential
from layers.base import Layer
from layers.wiring.branch import Branch


def outputs_of(layer: Layer) -> int:
    """The number of arrays in x_out: 1, unless the layer is one of those that fork, or says so in `n_outputs`.

    >>> outputs_of(Branch(3)), outputs_of(Sequential(Branch(2), Parallel(Layer(), Layer())))
    (3, 2)
    """
    if isinstance(layer, Branch):
        return layer.n
    if isinstance(layer, Parallel):
        return len(layer)
    if isinstance(layer, Sequential) and len(layer):
        return outputs_of(layer[-1])
    return getattr(layer, "n_outputs", 1)


def inputs_of(layer: Layer) -> int | None:
    """The number of arrays in x_in where it can be told beforehand (a layer may say it in `n_inputs`), else None."""
    if isinstance(layer, Parallel):
        return len(layer)
    if isinstance(layer, Sequential) and len(layer):
        return inputs_of(layer[0])
    return getattr(layer, "n_inputs", None)
