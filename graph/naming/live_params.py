"""A container's parameters: names of its own for arrays that stay where they are, in the layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from layers.base import Array, Layer


class LiveParams(Mapping[str, Array]):
    """A read-only mapping of a container's names to the layers' own arrays, looked up at each access."""

    def __init__(self, owners: dict[str, tuple[Layer, str]]) -> None:
        self.owners = owners

    def __getitem__(self, name: str) -> Array:
        layer, short = self.owners[name]
        return layer.params[short]

    def __setitem__(self, name: str, value: Any) -> None:
        if value is not self[name]:  # `params[name] -= step` puts back the array it has moved: that is fine
            raise TypeError(f'params is read-only: write params["{name}"][...] = value to change the array in place')

    def copy(self) -> dict[str, Array]:
        """The arrays as they are now, in a dict: a look-up there takes half the time."""
        return {name: layer.params[short] for name, (layer, short) in self.owners.items()}

    def __contains__(self, name: object) -> bool:
        return name in self.owners

    def __iter__(self) -> Iterator[str]:
        return iter(self.owners)

    def __len__(self) -> int:
        return len(self.owners)

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{name!r}: {self[name].shape}" for name in self) + "}"


def owner(layer: Layer, name: str) -> tuple[Layer, str]:
    """The innermost layer that holds a parameter, and the name it has there."""
    return layer.params.owners[name] if isinstance(layer.params, LiveParams) else (layer, name)
