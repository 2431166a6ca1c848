"""Answers for the layers of images: convolution, pooling, padding and the normalizations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import layers as L
from layers import Layer
from tests.parity.answers import Answer, same


def convolution(kind: type[Layer], *more: str) -> Answer:
    """The same arrays, the same options."""
    options = ("stride", "padding", "dilation", "groups", *more)

    def build(m: Any) -> Layer:
        b = None if m.bias is None else m.bias.detach().numpy()
        return kind.from_arrays(m.weight.detach().numpy(), b, **{name: getattr(m, name) for name in options})

    return Answer(build)


def pooling(kind: type[Layer], *options: str) -> Answer:
    """The same options; torch can do a little more."""

    def outside(m: Any, inputs: tuple) -> str:
        if getattr(m, "return_indices", False):
            return "return_indices: which entry won is the layer's own affair"
        return "divisor_override: a mean divided by another number" if getattr(m, "divisor_override", None) else ""

    def build(m: Any) -> Layer:
        return kind(m.kernel_size, **{name: getattr(m, name) for name in ("stride", "padding", *options)})

    return Answer(build, outside=outside)


def pad(kind: type[Layer], mode: str = "constant") -> Answer:
    """torch names the last axis first, in one flat tuple."""

    def build(m: Any) -> Layer:
        flat = m.padding
        return kind(tuple(zip(flat[-2::-2], flat[::-2], strict=True)), mode=mode, value=getattr(m, "value", 0.0))

    return Answer(build)


# normalization

NORM = {"gamma": "weight", "beta": "bias"}


def norm(build: Callable[[Any], Layer], enter: Callable = same) -> Answer:
    """gamma is torch's weight, beta its bias."""

    def outside(m: Any, inputs: tuple) -> str:
        if getattr(m, "momentum", 0.1) is None:
            return "momentum=None: running statistics as plain averages"
        kept = getattr(m, "track_running_stats", None)
        if "Batch" in type(m).__name__ and not kept:
            return "track_running_stats=False: no evaluation mode"
        return "track_running_stats=True: statistics over datapoints" if "Instance" in type(m).__name__ and kept else ""

    return Answer(build, NORM, enter=enter, leave=enter, outside=outside)


def affine(m: Any) -> dict[str, bool]:
    """Whether there is a gamma, and whether there is a beta."""
    return {"affine": m.weight is not None, "bias": m.bias is not None}


def batched(n_axes: int) -> Callable[[np.ndarray, Any], np.ndarray]:
    """A single datapoint gets an axis of length 1 in front, where our layer asks for a batch."""
    return lambda x, m: x if x.ndim == n_axes else x[None]


def as_image(x: np.ndarray, m: Any) -> np.ndarray:
    """(N, C, ...) as (N, C, H, W)."""
    return x.reshape(*x.shape[:2], -1, x.shape[-1])


def batch_norm(m: Any) -> Layer:
    """One layer for any number of axes."""
    return L.BatchNorm(m.num_features, eps=m.eps, momentum=m.momentum, **affine(m))


def instance_norm(m: Any) -> Layer:
    """One layer for any number of axes."""
    return L.InstanceNorm(m.num_features, eps=m.eps, **affine(m))
