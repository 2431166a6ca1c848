"""Schedules: plain functions from the step number (0, 1, 2, ...) to the learning rate, for `fit(..., lr=schedule)`."""

from __future__ import annotations

import math
from collections.abc import Callable

from layers.arguments import number, whole

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """The same learning rate at every step.

    >>> constant(0.1)(1000)
    0.1
    """
    lr = number("constant", "lr", lr, least=0.0)
    return lambda step: lr


def step_decay(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """lr * factor^(step // every): a stair.

    >>> [step_decay(1.0, every=2, factor=0.5)(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    lr, factor = number("step_decay", "lr", lr, least=0.0), number("step_decay", "factor", factor, least=0.0)
    every = whole("step_decay", "every", every, least=1)
    return lambda step: lr * factor ** (step // every)


def cosine(lr: float, steps: int, end: float = 0.0) -> Schedule:
    """Half a wave of a cosine from lr at step 0 down to `end` at step `steps`, and `end` from there on.

    >>> [round(cosine(1.0, steps=4)(step), 3) for step in (0, 2, 4, 5)]
    [1.0, 0.5, 0.0, 0.0]
    """
    lr, end = number("cosine", "lr", lr, least=0.0), number("cosine", "end", end, least=0.0)
    steps = whole("cosine", "steps", steps, least=1)
    return lambda step: end + (lr - end) * 0.5 * (1.0 + math.cos(math.pi * min(step, steps) / steps))


def warm_up(lr: float | Schedule, steps: int) -> Schedule:
    """A straight line up over the first `steps` steps, then lr (a number, or another schedule, which keeps its clock).

    >>> [warm_up(1.0, steps=4)(step) for step in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    schedule = lr if callable(lr) else constant(lr)
    steps = whole("warm_up", "steps", steps, least=1)
    return lambda step: schedule(step) * min(1.0, (step + 1) / steps)
