"""Adversarial examples: the smallest change of the data that the gradient says will hurt most."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.to_data.up_to import still
from layers.arguments import number, whole
from layers.base import Array, Layer
from layers.wires import float_array


def adversarial(
    model: Layer,
    loss: Layer,
    x: Any,
    y: Any,
    *,
    epsilon: float,
    steps: int = 1,
    lr: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Array:
    """An input beside x, no pixel further away than epsilon, at which the loss is larger; the model stays as it is.

    Equation:  x <- x + epsilon * sign(dJ/dx)                         (one step)
               x <- the nearest to x + lr * sign(dJ/dx) within x0 - epsilon and x0 + epsilon     (several)
    Shapes:    x (N, ...) or one datapoint, y its target; the result like x
    Raises:    TypeError or ValueError that names the argument
    Source:    chapter 14.9, uphill instead of downhill; Goodfellow et al. 2015; Madry et al. 2018

    Without an `lr` several steps are of 2.5 * epsilon / steps, far enough to reach the rim. `bounds` are the lowest and
    the highest value of a pixel.

    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Linear.from_arrays([[2.0, -1.0]])      # at (1, 1) it says 1, which is right; then J rises fastest ...
    >>> adversarial(model, L2Loss(), [1.0, 1.0], [0.9], epsilon=0.25)      # ... up in the first, down in the second
    array([1.25, 0.75])
    """
    epsilon = number("adversarial", "epsilon", epsilon, least=0.0)
    whole("adversarial", "steps", steps, least=1)
    step = epsilon if steps == 1 else 2.5 * epsilon / steps
    step = step if lr is None else number("adversarial", "lr", lr, above=0.0)
    model = still(model)
    x0 = x = float_array(model, "x", x)
    for _ in range(steps):
        loss.forward(model.forward(x), y)
        g_in = model.backward(loss.backward()[0])[0]
        if g_in is None:
            raise TypeError("adversarial: x has no gradient: it holds indices")
        x = np.clip(x + step * np.sign(g_in), x0 - epsilon, x0 + epsilon)
        x = x if bounds is None else np.clip(x, *bounds)
    return x
