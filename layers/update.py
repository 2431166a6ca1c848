"""The update: a check that all names, shapes and numbers are sound, then the move; or nothing is moved."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from layers.errors import ParameterNameError, ShapeError, label
from layers.wires import FLOATS, Array, described, float_array

Step = tuple[Array, Array]  # theta and its gradient


def checked_update(layer: Any, param_grads: Mapping[str, Array], lr: float) -> tuple[float, dict[str, Step]]:
    """lr, and by name each theta with its gradient, for an update that is sound in every name, shape and number."""
    try:
        rate = float(lr)
    except (TypeError, ValueError):
        raise TypeError(f"{label(layer)}: lr must be a number, got {lr!r}") from None
    if not math.isfinite(rate):
        raise ValueError(f"{label(layer)}: lr must be finite, got {lr}")
    if type(param_grads) is not dict and not isinstance(param_grads, Mapping):
        raise TypeError(f"{label(layer)}: param_grads must be a dict of arrays, got {described(param_grads)}")
    params = layer.params.copy()
    steps: dict[str, Step] = {}
    for name, g in param_grads.items():
        try:
            theta = params[name]
        except KeyError:
            message = f"param_grads has no parameter {name!r} here; known: {', '.join(params) or 'none'}"
            raise ParameterNameError(message, label(layer)) from None
        if type(theta) is not np.ndarray or type(g) not in FLOATS or g.dtype is not theta.dtype:
            if not is_movable(theta):
                check_movable(theta, f"{label(layer)}: parameter {name}")
            g = float_array(layer, f'param_grads["{name}"]', g, theta.dtype)
        if g.shape != theta.shape:
            raise ShapeError(f'param_grads["{name}"] must be {theta.shape}, got {g.shape}', label(layer))
        steps[name] = theta, g
    return rate, steps


def check_movable(theta: Any, name: str) -> None:
    """Raise TypeError unless `theta` is an array of floats: nothing else can be moved in place by lr * g.

    >>> check_movable(2.0, "parameter a")
    Traceback (most recent call last):
    TypeError: parameter a must be an array of floats, such as np.array(2.0), got 2.0
    """
    if not is_movable(theta):
        raise TypeError(f"{name} must be an array of floats, such as np.array(2.0), got {theta!r}")


def is_movable(theta: Any) -> bool:
    """Whether `theta` is an array of floats."""
    return isinstance(theta, np.ndarray) and theta.dtype.kind == "f"


def move(steps: Iterable[Step], lr: float) -> None:
    """theta <- theta - lr * g for each (theta, g), in place (14.9)."""
    dtype, scalars = None, []
    for theta, g in steps:
        if not theta.ndim:
            scalars.append((theta, g))
            continue
        if g.dtype is not dtype:
            dtype = g.dtype
            rate = np.asarray(lr, dtype)  # an array: 0.3 us less a theta than a Python float, 4% of a step of 2-16-16-1
        theta -= rate * g
    if scalars:
        move_scalars(scalars, lr)


def move_scalars(steps: list[Step], lr: float) -> None:
    """The same for parameters that are single numbers: all as one array, a tenth of the time of one by one.

    A scalar circuit has hundreds of them, and spent a quarter of its time here.
    """
    for dtype in {theta.dtype for theta, _ in steps}:
        thetas, gs = zip(*[step for step in steps if step[0].dtype == dtype], strict=True)
        moved = np.array(thetas) - np.asarray(lr, dtype) * np.array(gs)
        for theta, value in zip(thetas, moved.tolist(), strict=True):
            theta[()] = value
