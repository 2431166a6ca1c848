"""The check before an update: all names, shapes and numbers are sound, or nothing is moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from layers.errors import ParameterNameError, ShapeError, label
from layers.wires import Array, float_array


def checked_update(layer: Any, param_grads: Mapping[str, Array], lr: float) -> tuple[float, list[Array], list[Array]]:
    """lr, the thetas and their gradients, for an update that is sound in every name, shape and number."""
    try:
        step = float(lr)
    except (TypeError, ValueError):
        raise TypeError(f"{label(layer)}: lr must be a number, got {lr!r}") from None
    if not math.isfinite(step):
        raise ValueError(f"{label(layer)}: lr must be finite, got {lr}")
    params = layer.params
    try:
        thetas = [params[name] for name in param_grads]
    except KeyError as error:
        message = f"param_grads has no parameter {error} here; known: {', '.join(params) or 'none'}"
        raise ParameterNameError(message, label(layer)) from None
    grads = [
        g
        if type(g) is np.ndarray and g.dtype is theta.dtype
        else float_array(layer, f'param_grads["{name}"]', g, theta.dtype)
        for (name, g), theta in zip(param_grads.items(), thetas, strict=True)
    ]
    for name, theta, g in zip(param_grads, thetas, grads, strict=True):
        if g.shape != theta.shape:
            raise ShapeError(f'param_grads["{name}"] must be {theta.shape}, got {g.shape}', label(layer))
    return step, thetas, grads
