"""The flat code of the layers that only move values about: nothing is computed, so backward moves them back."""

from __future__ import annotations

from typing import Any

from graph.flat.rule import Rule


def merge(layer: Any, n: int) -> Rule:
    """Side by side; backward cuts where they were joined."""
    inputs = [f"{{x{i}}}" for i in range(n)]
    sizes = ", ".join(f"np.shape({x})[{layer.axis}]" for x in inputs)
    ends = f"np.cumsum([{sizes}])[:-1]" if layer._sent is None else str([int(end) for end in layer.ends])
    cuts = tuple(f"np.split({{g}}, {ends}, axis={layer.axis})[{i}]" for i in range(n))
    return Rule(f"np.concatenate(({', '.join(inputs)},), axis={layer.axis})", cuts)


def flatten(layer: Any, n: int) -> Rule:
    """All axes but the first as one."""
    return Rule("np.reshape({x}, np.shape({x})[:1] + (-1,) * (np.ndim({x}) > 1))", ("np.reshape({g}, np.shape({x}))",))


def reshape(layer: Any, n: int) -> Rule:
    """Each datapoint in another shape; a batch is supposed where no forward pass has shown a single one."""
    single = layer._sent is not None and len(layer.shape_in) == 1 and len(layer._sent[0]) == len(layer.shape)
    shape = f"{layer.shape}" if single else f"np.shape({{x}})[:1] + {layer.shape}"
    return Rule(f"np.reshape({{x}}, {shape})", ("np.reshape({g}, np.shape({x}))",))


def transpose(layer: Any, n: int) -> Rule:
    """The last axes in another order."""
    k = len(layer.axes)
    here, there = [axis - k for axis in layer.axes], list(range(-k, 0))
    return Rule(f"np.moveaxis({{x}}, {here}, {there})", (f"np.moveaxis({{g}}, {there}, {here})",))


def select(layer: Any, n: int) -> Rule:
    """One element: the gradient goes there and nowhere else."""
    index = ", ".join(map(str, layer.index))
    return Rule(f"{{x}}[..., {index}]", (f"put_at({{g}}, (..., {index}), {{x}})",))
