"""Predict: many datapoints through a model in batches, leaving no trace in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.naming.places import walk
from layers.arguments import whole
from layers.base import Layer


def predict(model: Layer, x: Any, batch_size: int = 1024) -> Any:
    """x_out for x (N, ...) in batches and in eval mode; mode and operating point of every layer stay as they were."""
    batch_size = whole("predict", "batch_size", batch_size, least=1)
    inside = [layer for _, layer in walk(model)]
    before = [dict(vars(layer)) for layer in inside]
    try:
        model.eval()
        x = x if type(x) is tuple else np.asarray(x)
        n = len(x[0]) if type(x) is tuple else len(x) if x.ndim > 1 else 1
        if n <= batch_size:
            return model.forward(x)
        parts = [model.forward(_rows(x, start, start + batch_size)) for start in range(0, n, batch_size)]
    finally:
        for layer, attributes in zip(inside, before, strict=True):
            vars(layer).clear()
            vars(layer).update(attributes)
    return tuple(map(np.concatenate, zip(*parts, strict=True))) if type(parts[0]) is tuple else np.concatenate(parts)


def _rows(x: Any, start: int, stop: int) -> Any:
    return tuple(part[start:stop] for part in x) if type(x) is tuple else x[start:stop]
