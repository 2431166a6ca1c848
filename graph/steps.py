"""Steps: one layer's part of a forward or a backward pass, as a plain record to look at."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from layers.base import Gradients, Layer
from layers.errors import label, locate


@dataclass(frozen=True)
class ForwardStep:
    """One layer of a forward pass: x_out = layer.forward(x_in)."""

    name: str
    layer: Layer
    x_in: Any
    x_out: Any

    def __repr__(self) -> str:
        return f"{self.name}: {label(self.layer)}  x_in {shape_of(self.x_in)} -> x_out {shape_of(self.x_out)}"


@dataclass(frozen=True)
class BackwardStep:
    """One layer of a backward pass: g_in, param_grads = layer.backward(g_out)."""

    name: str
    layer: Layer
    g_out: Any
    g_in: Any
    param_grads: Gradients

    def __repr__(self) -> str:
        grads = "".join(f", dJ/d{name} {shape_of(g)}" for name, g in self.param_grads.items())
        return f"{self.name}: {label(self.layer)}  g_out {shape_of(self.g_out)} -> g_in {shape_of(self.g_in)}{grads}"


def forward_through(
    parent: Layer, name: str, layer: Layer, x_in: Any, nested: bool
) -> Generator[ForwardStep, None, Any]:
    """Yield the step of one layer, or with `nested` those of the layers inside it; return its x_out."""
    try:
        if nested and hasattr(layer, "forward_steps"):
            return (yield from _renamed(layer.forward_steps(x_in, nested=True), name))
        x_out = layer.forward(x_in)
    except Exception as error:
        locate(error, parent, name)
        raise
    yield ForwardStep(name, layer, x_in, x_out)
    return x_out


def backward_through(
    parent: Layer, name: str, layer: Layer, g_out: Any, nested: bool
) -> Generator[BackwardStep, None, tuple[Any, Gradients]]:
    """Yield the step of one layer, or with `nested` those of the layers inside it; return (g_in, param_grads)."""
    try:
        if nested and hasattr(layer, "backward_steps"):
            return (yield from _renamed(layer.backward_steps(g_out, nested=True), name))
        g_in, param_grads = layer.backward(g_out)
    except Exception as error:
        locate(error, parent, name)
        raise
    yield BackwardStep(name, layer, g_out, g_in, param_grads)
    return g_in, param_grads


def _renamed(steps: Generator, outer: str) -> Generator:
    """The steps with the outer place in front of their names; returns what the inner generator returns."""
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return end.value
        yield replace(step, name=f"{outer}.{step.name}")


def shape_of(value: Any) -> str:
    """The shape of a wire in words: "(3, 4)", or "((3,), (3,))" for several wires, "none" for no gradient."""
    if type(value) is tuple:
        return f"({', '.join(shape_of(part) for part in value)})"
    return str(getattr(value, "shape", "none" if value is None else "()"))
