"""Optimising the input: the same descent as training, along the gradient of the data (14.9)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.to_data.cost import Cost
from graph.to_data.image_moves import blurred
from graph.to_data.moving import Inputs
from graph.to_data.objective import Objective
from graph.to_data.up_to import still
from layers.arguments import number, whole
from layers.base import Gradients, Layer
from layers.rng import Seed, generator
from losses import LossCurve


@dataclass(frozen=True)
class OptimisedInput:
    """What `optimise_input` has found: the input, the cost of every step, and the input at some of the steps."""

    x: Any
    curve: LossCurve
    frames: list[Any]

    def __repr__(self) -> str:
        return f"OptimisedInput({self.curve!r}, {len(self.frames)} frames)"


def optimise_input(
    model: Layer,
    objective: Any,
    x0: Any,
    *,
    steps: int,
    lr: float | Callable[[int], float],
    y: Any = None,
    at: str | None = None,
    wrt: str | Iterable[str] | None = None,
    penalty: Layer | Sequence[Layer] = (),
    jitter: int = 0,
    blur: float = 0.0,
    bounds: tuple[float, float] | None = None,
    image_shape: tuple[int, ...] | None = None,
    optimizer: Callable[[Gradients], Gradients] | None = None,
    n_frames: int = 50,
    rng: Seed = 0,
) -> OptimisedInput:
    """Move the input of a model downhill in J, all its parameters standing still; in eval mode, the model untouched.

    Equation:  x <- x - lr * dJ/dx, J = objective(model(x)) + penalty(x)
    Shapes:    x0 and the result as the model takes them; each datapoint of a batch moves by itself
    Raises:    TypeError or ValueError that names the argument; ShapeError if J is not one number, or an index lies
               outside the layer; FloatingPointError when J stops being finite
    Source:    chapter 14.9, "Backpropagation to the Data", figures 14.22 and 14.23

    objective   an index i: J = -x_l[i], the negative of one neuron; or a loss with its target `y`; or a layer that
                gives one number; or None, if the model itself gives it
    at          the place of the layer l whose output is asked about ("hidden", "0.2"); without it the last
    wrt         for a graph of several inputs, x0 a dict: the names of those that move, all of them if not said
    penalty     priors on x, such as L2Prior(0.1) or TotalVariation(0.01, image_shape=(8, 8)), one or several
    jitter      before each step the images move by up to so many pixels, after it they move back
    blur        after each step this share of a pixel, 0 to 1, is exchanged with its neighbours
    bounds      (lowest, highest) value of a pixel; `image_shape` says what image a row is

    >>> from layers import Linear
    >>> found = optimise_input(Linear.from_arrays([[2.0, -1.0]]), 0, [0.0, 0.0], steps=3, lr=0.5)
    >>> found.x                                        # 3 steps of 0.5 * (2, -1): what excites the neuron
    array([ 3. , -1.5])
    >>> found.curve.losses                             # J before each step and after the last
    [0.0, -2.5, -5.0, -7.5]
    """
    kind = "optimise_input"
    for name, value, least in (("steps", steps, 1), ("jitter", jitter, 0), ("n_frames", n_frames, 1)):
        whole(kind, name, value, least=least)
    if not callable(lr):
        number(kind, "lr", lr, least=0.0)
    if number(kind, "blur", blur, least=0.0) > 1.0:
        raise ValueError(f"{kind}: blur must be a share, 0 to 1, got {blur}")
    inputs = Inputs(still(model, at), x0, wrt)
    cost = Cost(inputs, Objective(objective, y), penalty, jitter, image_shape, generator(rng))
    values, curve, frames = dict(inputs.values), LossCurve(), []
    marks = {round(i) for i in np.linspace(0, steps, n_frames)}
    for step in range(steps + 1):
        J, gradients = cost.at(values)
        if not math.isfinite(J):
            raise FloatingPointError(f"the cost J is {J} at step {step} with lr={lr}: try a smaller one")
        curve.record(step, J)
        if step in marks:
            frames.append(inputs.given(values))
        if step < steps:
            direction = gradients if optimizer is None else optimizer(gradients)
            for name in inputs.moving:
                x = values[name] - (lr(step) if callable(lr) else lr) * direction[name]
                x = blurred(x, blur, image_shape) if blur else x
                values[name] = x if bounds is None else np.clip(x, *bounds)
    return OptimisedInput(inputs.given(values), curve, frames)
