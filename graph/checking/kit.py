"""The kit on trial: every layer and every loss that has an example, found by itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import layers
import losses
from layers.base import Layer
from layers.rng import Seed


def kit() -> list[type[Layer]]:
    """The layers of `layers` and the losses of `losses`, in the order of their names.

    >>> {"Linear", "SVMLoss"} <= {kind.__name__ for kind in kit()}
    True
    """
    found = {value for module in (layers, losses) for value in vars(module).values() if inspect.isclass(value)}
    return sorted((kind for kind in found if issubclass(kind, Layer) and hasattr(kind, "example")), key=_name)


def trials(kinds: list[type[Layer]], rng: Seed = 0) -> Iterator[tuple[type[Layer], Layer, Any]]:
    """Each kind with its own small example, a layer and an x_in."""
    for kind in kinds:
        yield kind, *kind.example(rng)


def _name(kind: type) -> str:
    return kind.__name__
