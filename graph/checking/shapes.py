"""Laws about shapes and dtypes: what comes out fits what went in."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

from graph.checking.findings import Finding
from graph.checking.function import Function
from graph.checking.trial import Pass, Trial
from layers.base import Array


def shapes(trial: Trial, result: Pass) -> Iterator[Finding]:
    """g_in like x_in, and param_grads with the names and shapes of params."""
    function, params = trial.function, trial.layer.params
    for name, x, g in zip(function.names, result.x_ins, result.g_ins, strict=False):
        if g is not None and np.shape(g) != x.shape:
            yield Finding("shapes", f"g_in must be {x.shape} like {name}, got {np.shape(g)}", *reshaped(g, x, result))
    if len(result.g_ins) > len(result.x_ins):
        yield Finding("shapes", f"g_in must be {len(result.x_ins)} arrays, got {len(result.g_ins)}", "", "backward")
    for name, theta in params.items():
        if name not in result.param_grads:
            why = f"without it, no update can move {name}"
            yield Finding("shapes", f'param_grads has no "{name}"', why, "what backward returns")
            continue
        g = result.param_grads[name]
        if np.shape(g) != theta.shape:
            what = f"d{name} must be {theta.shape} like {name}, got {np.shape(g)}"
            yield Finding("shapes", what, *reshaped(g, theta, result, f"d{name}"))
    for name in result.param_grads.keys() - params.keys():
        yield Finding("shapes", f'param_grads has "{name}", and params has not', "", "self.params")


def reshaped(g: Any, x: Array, result: Pass, name: str = "g_in") -> tuple[str, str]:
    """Why a gradient has another shape than its array, and where to look."""
    g, g_out = np.asarray(g), result.g_outs[0]
    where = f"{name} in backward"
    if g.shape == g_out.shape and np.array_equal(g, g_out):
        return f"{name} is g_out itself: sum over the batch", where
    if g.shape == x.shape[::-1]:
        return f"{name} is the transpose of what it should be", where
    if g.shape[1:] == x.shape and len(g) == len(g_out):
        return f"{name} has one part for each datapoint: sum over the batch (axis 0)", where
    for axis in range(1, g_out.ndim):
        if g.shape == g_out.sum(axis=axis).shape and np.allclose(g, g_out.sum(axis=axis)):
            return f"{name} is g_out summed over axis {axis}, the wrong axis: the batch is axis 0", where
    if g.size == x.size:
        return f"the same numbers in another form: {name}.reshape({x.shape})", where
    return "a gradient has always the shape of what it is the gradient of", where


def dtype(trial: Trial, result: Pass) -> Iterator[Finding]:
    """Float64 in, float64 out; float32 in, float32 out."""
    for kind in (np.float32, np.float64):
        layer = _cast(trial, kind)
        if layer is None:
            continue
        x_in = _cast_wire(trial.x_in, kind)
        function = Function(layer, x_in)
        x_outs = function.forward()
        came = {"x_out": x_outs}
        if all(x.dtype == kind for x in x_outs):
            g_ins, grads = function.backward([g.astype(kind) for g in trial.g_outs])
            came |= {"g_in": [g for g in g_ins if g is not None]}
            came |= {f"d{name}": [g] for name, g in grads.items()}
        for name, arrays in came.items():
            wrong = {np.asarray(x).dtype.name for x in arrays} - {np.dtype(kind).name}
            if wrong:
                yield Finding(
                    "dtype",
                    f"{np.dtype(kind).name} in, {wrong.pop()} out: {name}",
                    "an array or numpy scalar of another dtype joins in; np.zeros and rng.normal make float64, a mask "
                    "takes .astype(x_in.dtype), and Python numbers never upcast",
                    f"{name} in {'forward' if name == 'x_out' else 'backward'}",
                )


def _cast(trial: Trial, kind: type) -> Any:
    """A copy of the layer with its parameters and state in another dtype; None for a container with parameters."""
    if trial.layer.layers and (trial.layer.params or trial.layer.state()):
        return None
    layer = copy.deepcopy(trial.layer)
    if trial.layer.params:
        layer.params = {name: theta.astype(kind) for name, theta in layer.params.items()}
    state = {key: value.astype(kind) if value.dtype.kind == "f" else value for key, value in layer.state().items()}
    if state:
        layer.load_state(state)
    return layer


def _cast_wire(wire: Any, kind: type) -> Any:
    if type(wire) is tuple:
        return tuple(_cast_wire(part, kind) for part in wire)
    if isinstance(wire, dict):
        return {key: _cast_wire(part, kind) for key, part in wire.items()}
    array = np.asarray(wire)
    return array.astype(kind) if array.dtype.kind == "f" else array
