"""A model up to one of its layers, to ask about a neuron in the middle of it."""

from __future__ import annotations

from graph.naming.places import check_model
from graph.sequential import Sequential
from layers.base import Layer
from layers.errors import label


def up_to(model: Layer, place: str) -> Layer:
    """A second model of the layers from the input to `place` ("1", "hidden", "0.2"), tied to the first.

    Raises:    ValueError if there is no such place, or if it does not stand in a chain

    >>> from layers import Linear, ReLU
    >>> model = Sequential(hidden=Linear(2, 3, rng=0), relu=ReLU(), out=Linear(3, 1, rng=0))
    >>> up_to(model, "relu")
    Sequential(
      hidden: Linear(2 -> 3)
      relu: ReLU(at_zero=0)
    )
    """
    return _cut(model.tied(), place, place)


def _cut(model: Layer, place: str, whole: str) -> Layer:
    name, _, rest = place.partition(".")
    if type(model).forward is not Sequential.forward:
        raise ValueError(f'at="{whole}": {label(model)} is not a chain, so no part of it ends at "{place}"')
    if name not in model.layers:
        raise ValueError(f'at="{whole}": no layer "{name}" here; there are {", ".join(model.layers)}')
    chain = {}
    for known, layer in model.layers.items():
        chain[known] = layer
        if known == name:
            break
    if rest:
        chain[name] = _cut(chain[name], rest, whole)
    return Sequential(**chain)


def still(model: Layer, at: str | None = None) -> Layer:
    """A second model tied to the first, in eval mode, whole or up to a place: running it leaves the first as it is."""
    check_model(model)
    return (model.tied() if at is None else up_to(model, at)).eval()
