"""The cost that moves an input: objective and priors, seen by a model whose parameters stand still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph.to_data.image_moves import shifted
from graph.to_data.moving import Inputs
from graph.to_data.objective import Objective
from layers.base import Array, Gradients, Layer


class Cost:
    """J and its gradients at any values of the inputs; with jitter, the model sees the images a little moved.

    Equation:  J = objective(model(x)) + sum of R(x) over the priors R
    """

    def __init__(
        self,
        inputs: Inputs,
        objective: Objective,
        priors: Layer | Sequence[Layer],
        jitter: int,
        image_shape: tuple[int, ...] | None,
        rng: np.random.Generator,
    ) -> None:
        self.inputs, self.objective = inputs, objective
        self.priors = [priors] if isinstance(priors, Layer) else list(priors)
        self.jitter, self.image_shape, self.rng = jitter, image_shape, rng

    def at(self, values: Mapping[str, Any]) -> tuple[Any, Gradients]:
        """J and the gradients of the inputs that move."""
        by = [int(n) for n in self.rng.integers(-self.jitter, self.jitter + 1, 2)] if self.jitter else [0, 0]
        J = self.objective.forward(self.inputs.forward(self._shaken(values, by)))
        gradients = self._shaken(self.inputs.backward(self.objective.backward()), [-n for n in by])
        for prior in self.priors:
            for name in gradients:
                J = J + prior.forward(values[name])
                gradients[name] = gradients[name] + prior.backward()[0]
        return J, gradients

    def _shaken(self, values: Mapping[str, Any], by: list[int]) -> dict[str, Array]:
        """The inputs that move, shifted; the others as they are."""
        moving = self.inputs.moving if any(by) else ()
        return {name: shifted(x, by, self.image_shape) if name in moving else x for name, x in values.items()}
