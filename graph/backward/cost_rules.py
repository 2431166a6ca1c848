"""The table of costs: how a loss and its gradient are computed by gates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import layers as kit
from graph.backward.over_batch import OverBatch
from graph.wiring.wire import Wire
from losses import L2Loss, SoftmaxCrossEntropy


def l2(y_hat: Wire, y: Wire) -> tuple[Wire, Wire]:
    """J_i = sum of (y_hat - y)^2, its gradient 2 (y_hat - y)."""
    difference = y_hat - y
    g = y_hat.graph
    return g.add(kit.Sum(-1), g.add(kit.Square(), difference)), 2.0 * difference


def cross_entropy(y_hat: Wire, y: Wire) -> tuple[Wire, Wire]:
    """J_i = -sum of y log p, its gradient p - y, for rows y that add up to 1."""
    g = y_hat.graph
    log_p = g.add(kit.LogSoftmax(), y_hat, name="log p")
    return -g.add(kit.Sum(-1), y * log_p), g.add(kit.Exp(), log_p, name="p") - y


COSTS: dict[type, Callable[[Wire, Wire], tuple[Wire, Wire]]] = {L2Loss: l2, SoftmaxCrossEntropy: cross_entropy}


def cost(loss: Any, y_hat: Wire, y: Wire) -> tuple[Wire, Wire]:
    """The wires of J and of its gradient dJ/dy_hat; refuses a loss without a rule, or with options."""
    rule = COSTS.get(type(loss))
    if rule is None or loss.reduction == "none" or not getattr(loss, "plain", True):
        known = ", ".join(f"{kind.__name__}()" for kind in COSTS)
        raise NotImplementedError(f'forward_backward_graph: no gates for {loss!r}; there are {known}, "mean" or "sum"')
    J_i, g = rule(y_hat, y)
    if loss.reduction == "sum":
        return y_hat.graph.add(kit.Sum(), J_i, name="J"), g
    return y_hat.graph.add(kit.Mean(), J_i, name="J"), y_hat.graph.add(OverBatch(), g)
