"""Weight decay as a cost: large weights pay for themselves, biases go free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from layers.arguments import number
from layers.base import Array, Gradients, Layer
from layers.errors import BackwardBeforeForwardError
from layers.rng import Seed, generator
from layers.wires import float_array


class L2Penalty(Layer):
    """The squares of all the weights, with the same two verbs as a layer. Its input is a model's parameters.

    Equation:  R = strength * sum of W^2               (over every parameter whose name ends in W; no 1/2)
               dR/dW = 2 * strength * W
    Shapes:    params {name: array}; R is a number; param_grads has the weights' names only, shaped like them
    Raises:    BackwardBeforeForwardError; ShapeError if g_out is not one number
    Source:    the slides' total loss: data loss plus lambda R(W)

    A tied parameter counts once, for `model.params` lists it once. The cost to train on is J + R; its gradient is the
    sum of the two gradients. The weights are looked at in place: after an `update`, `backward` sees the new ones.

    >>> penalty = L2Penalty(0.5)
    >>> float(penalty.forward({"0.W": np.array([[1.0, -3.0]]), "0.b": np.array([7.0])}))        # 0.5 * (1 + 9)
    5.0
    >>> penalty.backward()                             # 2 * 0.5 * W
    (None, {'0.W': array([[ 1., -3.]])})
    """

    def __init__(self, strength: float) -> None:
        self.strength = number("L2Penalty", "strength", strength, least=0.0)

    def forward(self, params: Mapping[str, Any]) -> Any:
        """R, remembering the weights."""
        self._sent = None
        if not isinstance(params, Mapping):
            raise TypeError(f"{self!r}: params must be a dict like model.params, got {type(params).__name__}")
        self.weights = {name: float_array(self, name, W) for name, W in params.items() if name.endswith("W")}
        return self.send(self.strength * np.sum([np.vdot(W, W) for W in self.weights.values()]))

    def backward(self, g_out: Any = None) -> tuple[None, Gradients]:
        """(None, param_grads): dR/dW (times g_out, 1 unless given) under the weights' names."""
        if self._sent is None:
            raise BackwardBeforeForwardError("backward needs a forward pass first: call forward(params)", repr(self))
        g_out = 1.0 if g_out is None else float(self.receive_gradient(g_out))
        return None, {name: (2 * self.strength * g_out) * W for name, W in self.weights.items()}

    def __repr__(self) -> str:
        return f"L2Penalty({self.strength:g}, sum of W^2, no 1/2, names ending in W only)"

    @classmethod
    def example(cls, rng: Seed) -> tuple[L2Penalty, dict[str, Array]]:
        """A penalty, and parameters."""
        rng = generator(rng)
        return cls(0.1), {"0.W": rng.normal(size=(3, 2)), "0.b": rng.normal(size=3), "1.W": rng.normal(size=(1, 3))}
