"""The models that `layerwise train` knows; a new one is a function here, and its name in MODELS."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np

from graph.commands import CommandError
from graph.data import Dataset
from graph.sequential import Sequential
from layers import BatchNorm, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Reshape


def mlp(data: Dataset, hidden: Sequence[int], rng: np.random.Generator, dtype: Any) -> Sequential:
    """Linear and ReLU in turn, as wide as `hidden` says, and a last Linear with one output a class."""
    layers = []
    n_in = data.x.shape[1]
    for n_out in hidden:
        layers += [Linear(n_in, n_out, rng=rng, dtype=dtype), ReLU()]
        n_in = n_out
    return Sequential(*layers, Linear(n_in, len(data.classes), rng=rng, dtype=dtype))


def conv(data: Dataset, hidden: Sequence[int], rng: np.random.Generator, dtype: Any) -> Sequential:
    """Two convolutions of 16 and 32 channels, normalized, pooled once; `hidden` is not used."""
    side = isqrt(data.x.shape[1])
    if side**2 != data.x.shape[1] or side < 2 or data.shift is not None:
        raise CommandError("--model conv needs square images whose pixels have one scale: train digits --model conv")
    return Sequential(
        Reshape((1, side, side)),
        Conv2d(1, 16, 3, padding=1, rng=rng, dtype=dtype),
        BatchNorm(16, dtype=dtype),
        ReLU(),
        Conv2d(16, 32, 3, padding=1, rng=rng, dtype=dtype),
        BatchNorm(32, dtype=dtype),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Dropout(0.5, rng=rng),
        Linear(32 * (side // 2) ** 2, len(data.classes), rng=rng, dtype=dtype),
    )


MODELS = {"mlp": mlp, "conv": conv}


def take_raw(model: Sequential, data: Dataset) -> None:
    """Fold the scaling into the first layer: W (x - shift)/scale + b = (W/scale) x + (b - (W/scale) shift)."""
    if data.shift is None:
        return
    W, b = model.params["0.W"], model.params["0.b"]
    W /= data.scale.astype(W.dtype)
    b -= W @ data.shift.astype(W.dtype)
