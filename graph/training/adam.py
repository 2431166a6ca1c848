"""Adam: momentum and RMSProp together, both corrected for starting at zero."""

from __future__ import annotations

import numpy as np

from graph.training.optimizer import Optimizer, check_fraction
from layers.arguments import number
from layers.base import Array


class Adam(Optimizer):
    """A running mean of the gradients over the root of their running mean square.

    Equation:  m <- beta1 * m + (1 - beta1) * g,     v <- beta2 * v + (1 - beta2) * g^2
               d = m' / (sqrt(v') + eps), with m' = m / (1 - beta1^t), v' = v / (1 - beta2^t)
               d <- d + weight_decay * theta           (AdamW: decoupled, it does not pass through m and v)
    Raises:    ValueError unless 0 <= beta < 1, eps >= 0, weight_decay >= 0
    Source:    Kingma and Ba, algorithm 1; Loshchilov and Hutter, algorithm 2. torch.optim.Adam and AdamW

    Decay needs the parameters: `optimizer(param_grads, model.params)`; `fit` and `sgd` give them to an optimizer whose
    weight_decay is not zero. (`L2Penalty` is the other decay: part of the cost, it does pass through m and v.)

    >>> optimizer = Adam(eps=0.0)
    >>> optimizer({"W": np.array([2.0, -0.5])})        # the first step: g / sqrt(g^2), whatever the size of g
    {'W': array([ 1., -1.])}
    >>> optimizer = Adam(eps=0.0, weight_decay=0.5)
    >>> optimizer({"W": np.array([2.0])}, {"W": np.array([10.0])})     # 1 + 0.5 * 10
    {'W': array([6.])}
    """

    slots = ("mean", "mean_square")

    def __init__(
        self, beta1: float = 0.9, beta2: float = 0.999, *, eps: float = 1e-8, weight_decay: float = 0.0
    ) -> None:
        self.beta1 = check_fraction("Adam", "beta1", beta1)
        self.beta2 = check_fraction("Adam", "beta2", beta2)
        self.eps = number("Adam", "eps", eps, least=0.0)
        self.weight_decay = number("Adam", "weight_decay", weight_decay, least=0.0)

    def direction(self, g: Array, memory: dict) -> Array:
        m, v, t = memory["mean"], memory["mean_square"], memory["t"]
        m *= self.beta1
        m += (1.0 - self.beta1) * g
        v *= self.beta2
        v += (1.0 - self.beta2) * np.square(g)
        c = 1.0 - self.beta1**t  # folded into one factor: m' / (sqrt(v') + eps) = m / (c sqrt(v) / sqrt(...) + c eps)
        d = np.sqrt(v)
        d *= c / (1.0 - self.beta2**t) ** 0.5
        d += c * self.eps
        return np.divide(m, d)

    def __repr__(self) -> str:
        decay = f", weight_decay={self.weight_decay:g}" if self.weight_decay else ""
        return f"Adam(beta1={self.beta1:g}, beta2={self.beta2:g}{decay})"
