"""The models that `layerwise train` knows; a new one is a function here, and its name in MODELS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graph.data import Dataset
from graph.sequential import Sequential
from layers import Linear, ReLU


def mlp(data: Dataset, hidden: Sequence[int], rng: np.random.Generator, dtype: Any) -> Sequential:
    """Linear and ReLU in turn, as wide as `hidden` says, and a last Linear with one output a class."""
    layers = []
    n_in = data.x.shape[1]
    for n_out in hidden:
        layers += [Linear(n_in, n_out, rng=rng, dtype=dtype), ReLU()]
        n_in = n_out
    return Sequential(*layers, Linear(n_in, len(data.classes), rng=rng, dtype=dtype))


MODELS = {"mlp": mlp}


def take_raw(model: Sequential, data: Dataset) -> None:
    """Fold the scaling into the first layer: W (x - shift)/scale + b = (W/scale) x + (b - (W/scale) shift)."""
    if data.shift is None:
        return
    W, b = model.params["0.W"], model.params["0.b"]
    W /= data.scale.astype(W.dtype)
    b -= W @ data.shift.astype(W.dtype)
