"""The training loop: one step of gradient descent after another. `sgd` hands it out, `fit` runs it to the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from graph.naming.places import walk
from graph.training.arguments import check_arguments, check_lr
from graph.training.batches import Batches
from graph.training.schedules import constant
from layers.base import Gradients, Layer
from layers.rng import Seed


class Step(NamedTuple):
    """One step of training. Both counts start at 0: `step` updates had been made before J was computed."""

    step: int
    epoch: int
    J: float
    lr: float


class Run:
    """A model, a loss, data and a learning rate, and how far training is.

    Equation:  J = loss(model(x_b), y_b) + penalty(theta)    for a batch (x_b, y_b) of the datapoints
               theta <- theta - lr * optimizer(dJ/dtheta)    (without an optimizer: theta <- theta - lr * dJ/dtheta)
    Raises:    TypeError or ValueError that names the argument, before anything is changed
    Source:    chapter 14.2 and 14.3, equations 14.9 and 14.11
    """

    def __init__(
        self,
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
    ) -> None:
        check_arguments(model, loss, epochs, lr, optimizer, penalty)
        self.batches = Batches(x, y, batch_size, rng)
        self.model, self.loss, self.optimizer, self.penalty = model, loss, optimizer, penalty
        self.epochs = int(epochs)
        self.lr = lr if callable(lr) else constant(float(lr))
        self.step = 0  # updates made
        self.epoch = 0  # epochs that have begun before this one
        self.y_hat = self.y = None  # the last step's predictions and targets
        self.twice_J = -math.inf  # twice the cost at the last regular copy of the parameters

    def steps(self) -> Iterator[Step]:
        """Train: one item a step, until all epochs are done. In train mode; afterwards each layer is as it was.

        The caller keeps numpy quiet (`np.errstate`): what overflows shows in J, and is an error here.
        """
        modes = [(layer, layer.training) for _, layer in walk(self.model)]
        self.good = [(theta, theta.copy()) for theta in self.model.params.values()]
        try:
            self.model.train()
            while self.epoch < self.epochs:
                for x_b, y_b in self.batches.epoch():
                    yield self._step(x_b, y_b)
                self.epoch += 1
        finally:
            for layer, training in modes:
                layer.training = training

    def _step(self, x_b: Any, y_b: Any) -> Step:
        """One batch: forward, backward, update. An update that turns out bad is taken back."""
        model, loss = self.model, self.loss
        lr = self.lr(self.step)
        if type(lr) is not float or not 0.0 <= lr < math.inf:
            check_lr(lr)
        self.y_hat, self.y = model.forward(x_b), y_b
        J = float(loss.forward(self.y_hat, y_b))
        if self.penalty is not None:
            J += float(self.penalty.forward(model.params))
        if not math.isfinite(J):
            self._diverged(f"the cost J is {J}", lr, self.step)
        g, _ = loss.backward()
        direction = self._direction(model.backward_params(g))
        self._keep(J)
        model.update(direction, lr)
        item = Step(self.step, self.epoch, J, lr)
        self.step += 1
        return item

    def _keep(self, J: float) -> None:
        """Copy the parameters, whose cost is finite: every 16 steps, and each step while J is twice what it was then.

        So a cost that grows out of bounds ends at the last parameters before. To copy every time took 6% of a step of
        64-128-64-10.
        """
        regular = self.step % 16 == 0
        if regular or self.twice_J < J:
            for theta, good in self.good:
                good[...] = theta
        if regular:
            self.twice_J = 2.0 * J

    def _direction(self, param_grads: Gradients) -> Gradients:
        if self.penalty is not None:
            param_grads = dict(param_grads)
            for name, g in self.penalty.backward()[1].items():
                param_grads[name] = param_grads[name] + g
        if self.optimizer is None:
            return param_grads
        if getattr(self.optimizer, "weight_decay", 0.0):
            return self.optimizer(param_grads, self.model.params)
        return self.optimizer(param_grads)

    @property
    def total(self) -> int:
        """How many steps the whole run has."""
        return self.epochs * len(self.batches.sizes())

    @property
    def ends_epoch(self) -> bool:
        """Whether the last step was the last of its epoch."""
        return self.batches.at == self.batches.n

    def check_parameters(self) -> None:
        """Take the last update back and raise FloatingPointError if it has made a parameter infinite or nan."""
        for name, theta in self.model.params.items():
            if not np.isfinite(theta).all():
                self._diverged(f"{name} is not finite after the update", self.lr(self.step - 1), self.step - 1)

    def _diverged(self, what: str, lr: float, step: int) -> None:
        """Put back parameters whose cost was finite, and say so."""
        if self.step == 0:
            advice = "nothing has been updated yet: look for nan and inf in x, y and the parameters"
        else:
            advice = f"try a smaller lr, {lr / 10:g} say; the model keeps parameters whose cost was finite"
        for theta, good in self.good:
            theta[...] = good
        raise FloatingPointError(f"{what} at step {step} (epoch {self.epoch}) with lr={lr:g}: {advice}")
