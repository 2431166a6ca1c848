"""Places: what the layers of a container are called, and that no layer object stands in two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from layers.base import Layer
from layers.errors import SharedLayerError, label


def name_layers(kind: str, positional: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Layers by position ("0", "1", ...) or by given name, not both."""
    if positional and named:
        raise TypeError(f"{kind}: name all layers or none, got {len(positional)} without a name and {', '.join(named)}")
    for name in named:
        if "." in name or not name:
            raise ValueError(f'{kind}: a layer\'s name must not be empty or hold a dot, got "{name}"')
    return dict(named) or {str(i): layer for i, layer in enumerate(positional)}


def check_model(model: Any, asked_by: str = "") -> None:
    """Raise TypeError unless `model` is a layer (a container, a graph); `asked_by` is the function that was given it.

    >>> check_model(3, "draw")
    Traceback (most recent call last):
    TypeError: draw: model must be a layer (a Sequential, say), got 3
    """
    if not isinstance(model, Layer):
        got = (
            f"the class {model.__name__}: give an instance, {model.__name__}(...)"
            if isinstance(model, type)
            else repr(model)
        )
        raise TypeError(f"{asked_by + ': ' if asked_by else ''}model must be a layer (a Sequential, say), got {got}")


def walk(layer: Layer, name: str = "") -> Iterator[tuple[str, Layer]]:
    """The layer and all layers inside it, with the names of their places; the layer itself has the name ""."""
    yield name, layer
    for short, inner in layer.layers.items():
        yield from walk(inner, f"{name}.{short}" if name else short)


def refuse_shared(container: Layer) -> None:
    """Raise SharedLayerError where one object stands in two places: it has one operating point only."""
    seen: dict[int, str] = {}
    for name, layer in walk(container):
        if id(layer) in seen:
            raise SharedLayerError(
                f'layers "{seen[id(layer)]}" and "{name}" are one object, {label(layer)}, with one operating point: '
                "put layer.tied() in the second place, the same parameters with a memory of its own",
                type(container).__name__,
            )
        seen[id(layer)] = name
