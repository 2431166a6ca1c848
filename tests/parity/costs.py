"""Answers for the losses: the kit means over datapoints, torch mostly over all elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from layers import Layer
from losses import BinaryCrossEntropy, KLDivLoss
from tests.parity.answers import Answer


def elementwise(kind: Callable[..., Layer], *options: str, **adapted: Any) -> Answer:
    """torch's mean is over all elements: ours is too, with each element as a datapoint."""
    return loss(kind, *options, enter=column, **adapted)


def column(x: np.ndarray, m: Any) -> np.ndarray:
    """Each element as a datapoint of one feature."""
    return x.reshape(-1, 1).astype(float)


def loss(kind: Callable[..., Layer], *options: str, **adapted: Any) -> Answer:
    """A loss with options of the same names, and `reduction`."""

    def build(m: Any) -> Layer:
        return kind(reduction=m.reduction, **{name: getattr(m, name) for name in options})

    return Answer(build, {}, **adapted)


def labelled(kind: type[Layer], *options: str) -> Answer:
    """torch has the classes on axis 1 and any places behind: here each place is a datapoint, its classes last."""

    def build(m: Any) -> Layer:
        given = {name: getattr(m, name) for name in options}
        given["weight"] = None if m.weight is None else m.weight.numpy()
        given["ignore_index"] = None if m.ignore_index == -100 else m.ignore_index
        return kind(reduction=m.reduction, **given)

    def outside(m: Any, inputs: tuple) -> str:
        y = inputs[1]
        ignored = not y.is_floating_point() and bool((y == m.ignore_index).all())
        return "every label ignored: torch's mean is 0/0, ours refuses" if ignored and m.reduction == "mean" else ""

    return Answer(build, {}, enter=classes_last, outside=outside)


def classes_last(x: np.ndarray, m: Any) -> np.ndarray:
    """Scores (N, C, ...) as (places, C), labels (N, ...) as (places,)."""
    if x.dtype.kind == "i":
        return x.reshape(-1)
    return x[None] if x.ndim == 1 else np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def a_class(m: Any, inputs: tuple) -> float:
    """torch divides by the number of classes."""
    return 1.0 / inputs[0].shape[-1]


def binary_cross_entropy(elementwise: bool) -> Answer:
    """Weights go with features, so a weighted sample keeps its rows and torch's mean is ours by their length."""

    def split(m: Any) -> bool:
        return elementwise and m.weight is None

    def build(m: Any) -> Layer:
        weight = None if m.weight is None else m.weight.numpy()
        return BinaryCrossEntropy(weight=weight, reduction=m.reduction)

    def enter(x: np.ndarray, m: Any) -> np.ndarray:
        return column(x, m) if split(m) else x

    return Answer(build, {}, enter=enter, times=lambda m, xs: 1.0 if split(m) else a_class(m, xs))


kl_div = Answer(
    lambda m: KLDivLoss(log_target=m.log_target, reduction=m.reduction.removeprefix("batch")),
    {},
    enter=lambda x, m: x if m.reduction == "batchmean" else column(x, m),  # "batchmean" is the kit's mean
)
