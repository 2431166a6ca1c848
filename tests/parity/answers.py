"""An answer: which layer of the kit does what a torch module does, and how the conventions of the two are matched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers import Layer


def same(x: np.ndarray, module: Any) -> np.ndarray:
    """No difference in convention."""
    return x


def within(module: Any, inputs: tuple) -> str:
    """Every sample is within the documented options."""
    return ""


@dataclass(frozen=True)
class Answer:
    """A layer for a torch module.

    `enter` turns each of torch's inputs (and its gradient) into ours, `leave` its output (and g_out): rearrangements,
    never arithmetic. `times` is what torch's loss is of ours. `outside` says why a sample is outside of our options.
    """

    build: Callable[[Any], Layer]
    names: Mapping[str, str] = field(default_factory=lambda: {"W": "weight", "b": "bias"})  # our parameter: torch's
    enter: Callable[[np.ndarray, Any], np.ndarray] = same
    leave: Callable[[np.ndarray, Any], np.ndarray] = same
    times: Callable[[Any, tuple], float] = lambda module, inputs: 1.0
    outside: Callable[[Any, tuple], str] = within


def of(kind: type[Layer], *options: str, **renamed: str) -> Answer:
    """A layer whose options have the names of torch's, or those in `renamed`: of(ELU, "alpha"), of(LeakyReLU, ...)."""
    renamed = {name: name for name in options} | renamed
    return Answer(lambda m: kind(**{ours: getattr(m, theirs) for ours, theirs in renamed.items()}))


def along(kind: type[Layer]) -> Answer:
    """A layer along torch's `dim`."""
    alone = "a single number: it has no axis to go along"
    return Answer(lambda m: kind(axis=m.dim), outside=lambda m, inputs: "" if inputs[0].ndim else alone)
