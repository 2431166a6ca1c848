"""The state of what is inside: each layer's running statistics and generators, named by place."""

from __future__ import annotations

from collections.abc import Mapping

from layers.base import Array, Layer
from layers.errors import ParameterNameError, label, locate


def state_inside(container: Layer) -> dict[str, Array]:
    """What the layers' `state()` gives, the place in front: "1.rng".

    >>> from graph import Sequential
    >>> from layers import Dropout, Identity
    >>> list(state_inside(Sequential(Identity(), Dropout(0.5, rng=0))))
    ['1.rng']
    """
    return {f"{name}.{key}": value for name, layer in container.layers.items() for key, value in layer.state().items()}


def load_inside(container: Layer, state: Mapping[str, Array]) -> None:
    """Hand each layer its part of `state`; if one refuses, all are put back as they were."""
    parts: dict[str, dict[str, Array]] = {name: {} for name in container.layers}
    for key, value in state.items():
        name, _, short = key.partition(".")
        if name not in parts:
            raise ParameterNameError(f"has no state {key!r}", label(container))
        parts[name][short] = value
    before = {name: container.layers[name].state() for name, part in parts.items() if part}
    try:
        for name in before:
            container.layers[name].load_state(parts[name])
    except Exception as error:
        locate(error, container, name)
        for name, old in before.items():
            container.layers[name].load_state(old)
        raise
