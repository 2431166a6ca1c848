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

    def layer_for(self, module: Any, inputs: tuple) -> Layer:
        """Our layer for one sample, with parameters of its own."""
        return self.build(module)

    def params(self, theirs: Mapping[str, np.ndarray], module: Any) -> dict[str, np.ndarray]:
        """torch's parameters, or their gradients, under our names."""
        return {ours: theirs[name] for ours, name in self.names.items() if name in theirs}

    def outputs(self, out: Any) -> list[Any]:
        """Those of torch's outputs that are compared."""
        return [out]

    def inward(self, inputs: tuple, module: Any) -> list[Any]:
        """torch's inputs, or their gradients, as ours; None for what is not compared."""
        return [None if x is None else self.enter(x, module) for x in inputs]

    def left_out(self, x_in: list[Any], module: Any) -> list[Any]:
        """Inputs of ours that torch may go without, in the place of those it was not given."""
        return []

    def outward(self, outs: list[np.ndarray], module: Any) -> list[np.ndarray]:
        """torch's outputs, or their gradients, as ours."""
        return [self.leave(x, module) for x in outs]


def of(kind: type[Layer], *options: str, **renamed: str) -> Answer:
    """A layer whose options have the names of torch's, or those in `renamed`: of(ELU, "alpha"), of(LeakyReLU, ...)."""
    renamed = {name: name for name in options} | renamed
    return Answer(lambda m: kind(**{ours: getattr(m, theirs) for ours, theirs in renamed.items()}))


def along(kind: type[Layer]) -> Answer:
    """A layer along torch's `dim`."""
    alone = "a single number: it has no axis to go along"
    return Answer(lambda m: kind(axis=m.dim), outside=lambda m, inputs: "" if inputs[0].ndim else alone)
