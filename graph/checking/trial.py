"""A layer on trial: run as often as a law asks, with arrays of its own each time, and always from the same state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graph.checking.function import Function, rebuilt
from graph.checking.undisturbed import Memory
from layers.base import Array, Gradients, Layer


class Pass(NamedTuple):
    """One forward and backward: the very arrays that went in and came out."""

    x_ins: list[Array]
    x_outs: list[Array]
    g_outs: list[Array]
    g_ins: list[Array | None]
    param_grads: Gradients

    def arrays(self) -> dict[str, Array]:
        """What came out, by name."""
        found = {_numbered("x_out", i, self.x_outs): x for i, x in enumerate(self.x_outs)}
        found |= {_numbered("g_in", i, self.g_ins): g for i, g in enumerate(self.g_ins) if g is not None}
        return found | {f'param_grads["{name}"]': g for name, g in self.param_grads.items()}


class Trial:
    """The layer, an input, and a random g_out that fits its output."""

    def __init__(self, layer: Layer, x_in: Any, rng: np.random.Generator, strict: bool) -> None:
        self.layer, self.x_in, self.strict = layer, x_in, strict
        self.memory = Memory(layer)
        self.function = Function(layer, x_in)
        self.inputs = [x.copy() for x in self.function.inputs]
        self.params = {name: theta.copy() for name, theta in layer.params.items()}
        self.rng = rng
        self.g_outs: list[Array] = []

    def forward(self, inputs: list[Array] | None = None) -> list[Array]:
        """x_out at copies of the inputs, from the state at the start."""
        self.memory.rewind()
        self.function.inputs = [x.copy() for x in inputs or self.inputs]
        return self.function.forward()

    def draw(self, x_outs: list[Array]) -> None:
        """A random g_out, the same for all the laws."""
        self.g_outs = [np.asarray(self.rng.normal(size=x.shape)).astype(x.dtype) for x in x_outs]

    def wire(self) -> Any:
        """g_out as backward takes it: an array, or a tuple of them."""
        return rebuilt(self.function.x_out, iter([g.copy() for g in self.g_outs]))

    def backward(self, factor: float = 1.0) -> tuple[list[Array | None], Gradients]:
        """The gradients for g_out times a factor."""
        return self.function.backward([(g * factor).astype(g.dtype) for g in self.g_outs])

    def run(self, inputs: list[Array] | None = None) -> Pass:
        """Forward and backward, keeping what went in."""
        x_outs = self.forward(inputs)
        g_outs = [g.copy() for g in self.g_outs]
        g_ins, param_grads = self.function.backward(g_outs)
        return Pass(self.function.inputs, x_outs, g_outs, g_ins, param_grads)

    def other_inputs(self) -> list[Array]:
        """Other numbers of the same shape and range: the same in the other order."""
        return [x.reshape(-1)[::-1].reshape(x.shape).copy() for x in self.inputs]

    def changed_params(self) -> list[str]:
        """The parameters that are not what they were, which are then put back."""
        changed = []
        for name, value in self.params.items():
            if not np.array_equal(self.layer.params[name], value, equal_nan=True):
                changed.append(name)
                self.layer.params[name][...] = value
        return changed


def equal(a: Any, b: Any) -> bool:
    """Whether two arrays (or two absent ones) are the same numbers."""
    return a is b if a is None or b is None else np.array_equal(a, b, equal_nan=True)


def _numbered(name: str, i: int, of: list) -> str:
    return name if len(of) == 1 else f"{name}[{i}]"
