"""fit: train a model to the end, with what people want to see beside it, and get the loss curve."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from time import perf_counter
from typing import Any

import numpy as np

from graph.training.batches import paired, take
from graph.training.checkpoint import Checkpoint
from graph.training.interrupt import Interrupt
from graph.training.measure import RunningAccuracy, held_out
from graph.training.progress import Progress
from graph.training.run import Run
from layers.base import Gradients, Layer
from layers.rng import Seed
from layers.wires import described
from losses import LiveCurve, LossCurve
from losses.notebook import notebook_shell


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
               the cost stops being finite: the model keeps parameters whose cost was finite, the last ones if the cost
               has grown out of bounds, those of at most 15 steps before if one update did it
    Source:    chapter 14.3, equation 14.9, and 14.5, equation 14.11

    lr is a number or a function of the step number, 0, 1, ... The rows are reshuffled each epoch by `rng`; the same
    seed gives the same bits. Accuracies are in the curve where y holds classes: on the training data as the epoch
    went by, on the validation data at its end. `live` shows the curve in a notebook, as it grows.

    `checkpoint` names a file that is rewritten after the first epoch, and from then on as often as 5% of the running
    time pays for. With `resume` the run goes on from there (from the start, if there is no such file) and ends bit for
    bit as if it had never stopped. Ctrl-C finishes the step and writes the checkpoint; then a notebook gets the curve,
    a script the KeyboardInterrupt.

    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Linear.from_arrays([[2.0]])            # J = 4, dJ/dW = 4; then W = 1, J = 1, dJ/dW = 2
    >>> curve = fit(model, L2Loss(), [[1.0]], [[0.0]], epochs=2, batch_size=1, lr=0.25, progress=False)
    >>> curve.losses, model.params["W"]
    ([4.0, 1.0], array([[0.5]]))
    """
    run = Run(
        model, loss, x, y, epochs=epochs, batch_size=batch_size, lr=lr, optimizer=optimizer, penalty=penalty, rng=rng
    )
    validation = check_validation(validation)
    if validation is not None:
        held_out(model, loss, *(take(values, [0]) for values in validation))  # one row: does it fit the model?
    if resume and checkpoint is None:
        raise ValueError("resume=True needs checkpoint=path, the file to go on from")
    curve, accuracy = LossCurve(), RunningAccuracy(loss)
    keeper = None if checkpoint is None else Checkpoint(checkpoint, run, rng, curve, accuracy)
    if resume:
        keeper.read()
    first = run.step
    bar = Progress(run, curve, progress)
    picture = LiveCurve(curve) if live else None
    try:
        with np.errstate(all="ignore"), Interrupt() as interrupt, closing(run.steps()) as steps:
            for step in steps:
                curve.record(step.step, step.J)
                accuracy.add(run.y_hat, run.y)
                if run.ends_epoch:
                    end_epoch(run, curve, accuracy, validation)
                now = perf_counter()
                if now > bar.next:
                    bar.show()
                if keeper is not None and keeper.due(now):
                    keeper.write()
                if picture is not None:
                    picture.refresh()
                if interrupt.asked:
                    break
            if keeper is not None and run.step > first:
                keeper.write()
    finally:
        bar.close()
        if picture is not None:
            picture.refresh(force=True)
    if interrupt.asked and notebook_shell() is None:
        raise KeyboardInterrupt
    return curve


def end_epoch(run: Run, curve: LossCurve, accuracy: RunningAccuracy, validation: tuple[Any, Any] | None) -> None:
    """Write down an epoch: its mean cost over the datapoints, and what the model makes of the validation data."""
    run.check_parameters()
    sizes = run.batches.sizes()
    mean_J = float(np.dot(curve.losses[-len(sizes) :], sizes)) / run.batches.n
    J, share = held_out(run.model, run.loss, *validation) if validation is not None else (None, None)
    curve.record_epoch(run.epoch, mean_J, J, accuracy.take(), share)


def check_validation(validation: Any) -> tuple[Any, Any] | None:
    """The pair (x, y) as arrays of one length, if there is one."""
    if validation is None:
        return None
    if type(validation) not in (tuple, list) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (x, y), got {described(validation)}")
    return paired("validation x", validation[0], "validation y", validation[1])[:2]
