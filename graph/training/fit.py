"""fit: train a model to the end, with what people want to see beside it, and get the loss curve."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from graph.training.batches import paired
from graph.training.measure import RunningAccuracy, held_out
from graph.training.progress import Progress
from graph.training.run import Run
from layers.base import Gradients, Layer, described
from layers.rng import Seed
from losses import LiveCurve, LossCurve


def fit(
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
    validation: tuple[Any, Any] | None = None,
    rng: Seed = 0,
    progress: bool = True,
    live: bool = False,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
) -> LossCurve:
    """Train `model` in place by minibatch gradient descent and return the curve of its costs.

    Equation:  theta <- theta - lr * optimizer(dJ/dtheta), with J over a minibatch, penalty included
    Shapes:    x (N, ...) or a tuple of such arrays, y (N, ...); validation a pair (x, y) of the same kind
    Raises:    TypeError or ValueError that names the argument, before anything is changed; FloatingPointError when
               the cost stops being finite: the model keeps the last parameters whose cost was finite
    Source:    chapter 14.2 and 14.3, equations 14.9 and 14.11

    lr is a number or a function of the step number, 0, 1, ... The rows are reshuffled each epoch by `rng`; the same
    seed gives the same bits. Accuracies are in the curve where y holds classes: on the training data as the epoch
    went by, on the validation data at its end. `live` shows the curve in a notebook, as it grows.

    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Linear.from_arrays([[2.0]])            # J = 4, dJ/dW = 4; then W = 1, J = 1, dJ/dW = 2
    >>> curve = fit(model, L2Loss(), [[1.0]], [[0.0]], epochs=2, batch_size=1, lr=0.25, progress=False)
    >>> curve.losses, model.params["W"]
    ([4.0, 1.0], array([[0.5]]))
    """
    if checkpoint is not None or resume:
        raise NotImplementedError("checkpoint and resume are not there yet")
    run = Run(
        model, loss, x, y, epochs=epochs, batch_size=batch_size, lr=lr, optimizer=optimizer, penalty=penalty, rng=rng
    )
    if validation is not None:
        validation = check_validation(validation)
    curve = LossCurve()
    accuracy = RunningAccuracy()
    bar = Progress(run, curve, progress)
    picture = LiveCurve(curve) if live else None
    try:
        for step in run.steps():
            curve.record(step.step, step.J)
            accuracy.add(run.y_hat, run.y)
            if run.ends_epoch:
                end_epoch(run, curve, accuracy, validation)
            if perf_counter() > bar.next:
                bar.show()
            if picture is not None:
                picture.refresh()
    finally:
        bar.close()
        if picture is not None:
            picture.refresh(force=True)
    return curve


def end_epoch(run: Run, curve: LossCurve, accuracy: RunningAccuracy, validation: tuple[Any, Any] | None) -> None:
    """Write down an epoch: its mean cost over the datapoints, and what the model makes of the validation data."""
    run.check_parameters()
    sizes = run.batches.sizes()
    mean_J = float(np.dot(curve.losses[-len(sizes) :], sizes)) / run.batches.n
    J, share = held_out(run.model, run.loss, *validation) if validation is not None else (None, None)
    curve.record_epoch(run.epoch, mean_J, J, accuracy.take(), share)


def check_validation(validation: Any) -> tuple[Any, Any]:
    """The pair (x, y) as arrays of one length."""
    if type(validation) not in (tuple, list) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (x, y), got {described(validation)}")
    return paired("validation x", validation[0], "validation y", validation[1])[:2]
