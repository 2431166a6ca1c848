"""Saliency: what the gradient of the data says about a single prediction."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.to_data.objective import Objective
from graph.to_data.up_to import still
from layers.base import Array, Layer


def saliency(model: Layer, x: Any, index: int | None = None, *, at: str | None = None) -> Array:
    """How much the score of a class answers to each number of one datapoint; without an index, its largest score.

    Equation:  dx_l[i]/dx, positive where more of x speaks for i, negative where it speaks against it
    Shapes:    x one datapoint (n,), or (1, ...) for a layer that asks for a batch; the result like x
    Raises:    ShapeError if the index lies outside the layer; ValueError for several datapoints without an index
    Source:    chapter 14.9: what in the data a neuron answers to

    >>> from layers import Linear
    >>> saliency(Linear.from_arrays([[1.0, 2.0], [3.0, -4.0]]), [1.0, 0.0])       # scores 1 and 3: of the second
    array([ 3., -4.])
    """
    model = still(model, at)
    x_out = model.forward(x)
    if index is None:
        if np.ndim(x_out) > 1 and len(x_out) != 1:
            raise ValueError(f"saliency: say the index for {len(x_out)} datapoints, or give one datapoint")
        index = int(np.argmax(x_out))
    objective = Objective(index)
    objective.forward(x_out)
    g_in = model.backward(objective.backward())[0]
    if g_in is None:
        raise TypeError("saliency: x has no gradient: it holds indices")
    return -g_in
