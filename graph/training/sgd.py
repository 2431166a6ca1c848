"""sgd: stochastic gradient descent as a generator, to look at training step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graph.training.run import Run, Step
from layers.base import Gradients, Layer
from layers.rng import Seed


def sgd(
    model: Layer,
    loss: Layer,
    x: Any,
    y: Any,
    *,
    epochs: int,
    batch_size: int,
    lr: float | Callable[[int], float],
    optimizer: Callable[[Gradients], Gradients] | None = None,
    penalty: Layer | None = None,
    rng: Seed = 0,
) -> Iterator[Step]:
    """Train `model` in place, one item a step: .step, .epoch, .J (of the batch, before its update) and .lr.

    Equation:  theta <- theta - lr * dJ/dtheta, with J over a minibatch of `batch_size` datapoints
    Shapes:    x (N, ...) or a tuple of such arrays, y (N, ...)
    Raises:    TypeError or ValueError that names the argument, at once and not at the first step;
               FloatingPointError when the cost stops being finite: the model keeps good ones, as in `fit`
    Source:    chapter 14.3, equation 14.9, and 14.5, equation 14.11

    Nothing happens between the items, so a loop may look at the model, and `break` ends the training.

    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Linear.from_arrays([[2.0]])            # J = (2*1 - 0)^2 = 4, dJ/dW = 2*2*1 = 4
    >>> for step in sgd(model, L2Loss(), [[1.0]], [[0.0]], epochs=2, batch_size=1, lr=0.25):
    ...     print(step, model.params["W"])
    Step(step=0, epoch=0, J=4.0, lr=0.25) [[1.]]
    Step(step=1, epoch=1, J=1.0, lr=0.25) [[0.5]]
    """
    run = Run(
        model, loss, x, y, epochs=epochs, batch_size=batch_size, lr=lr, optimizer=optimizer, penalty=penalty, rng=rng
    )
    return quietly(run.steps())


def quietly(steps: Iterator[Step]) -> Iterator[Step]:
    """The same items, with numpy's warnings off while a step is made and as they were between the steps."""
    while True:
        with np.errstate(all="ignore"):
            step = next(steps, None)
        if step is None:
            return
        yield step
