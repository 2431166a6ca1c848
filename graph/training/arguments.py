"""The arguments of `fit` and `sgd`, refused in words that name them, before anything is changed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graph.naming.places import check_model


def check_arguments(model: Any, loss: Any, epochs: Any, lr: Any, optimizer: Any, penalty: Any) -> None:
    """Raise TypeError or ValueError for the first argument that will not do."""
    check_model(model)
    if not model.params:
        raise ValueError(f"model must have parameters to train, got {model!r} without any")
    _check_has("loss", loss, "forward", "backward")
    if getattr(loss, "reduction", "mean") == "none":
        raise ValueError(f'loss must give one number: reduction="mean" or "sum", got {loss!r}')
    check_whole("epochs", epochs, at_least=0)
    check_lr(lr)
    if optimizer is not None and (isinstance(optimizer, type) or not callable(optimizer)):
        raise TypeError(
            f"optimizer must turn gradients into a direction, like Momentum(0.9), got {_name(optimizer)}"
            f"{_instance_hint(optimizer)}"
        )
    if penalty is not None:
        _check_has("penalty", penalty, "forward", "backward")


def check_lr(lr: Any) -> None:
    """lr is a finite number of 0 or more, or a function of the step number."""
    if callable(lr) and not isinstance(lr, type):
        return
    if isinstance(lr, (bool, str)) or np.ndim(lr) or np.asarray(lr).dtype.kind not in "fiu":
        raise TypeError(f"lr must be a number or a function of the step number, got {_name(lr)}")
    if not math.isfinite(lr) or lr < 0:
        raise ValueError(f"lr must be a finite number, 0 or more, got {lr}")


def check_whole(name: str, value: Any, at_least: int) -> None:
    """`value` is a whole number, not smaller than `at_least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number, got {_name(value)}")
    if value < at_least:
        raise ValueError(f"{name} must be {at_least} or more, got {value}")


def _check_has(name: str, value: Any, *verbs: str) -> None:
    if isinstance(value, type) or not all(callable(getattr(value, verb, None)) for verb in verbs):
        raise TypeError(f"{name} must have {' and '.join(verbs)}, got {_name(value)}{_instance_hint(value)}")


def _name(value: Any) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else repr(value)


def _instance_hint(value: Any) -> str:
    return f": give an instance, {value.__name__}(...)" if isinstance(value, type) else ""
