"""The flat code of the losses: what each element costs, and the slope of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import losses


class Cost(NamedTuple):
    """A loss as templates: what is computed first, the cost of each element, and its slope.

    {x} is the prediction, {y} the target, {loss.margin!r} an attribute of the loss, all else a name from `first`.
    """

    first: dict[str, str]
    elements: str
    slope: str


RIGHT = "{y}[..., None] == np.arange(np.shape({x})[-1])"  # a row for each label, True at the label
APART = {"d": "{x} - {y}"}


def kl_div(loss: Any) -> Cost:
    """For targets that are probabilities, or their logarithms."""
    if loss.log_target:
        return Cost({"p": "np.exp({y})"}, "{p} * ({y} - {x})", "-{p}")
    return Cost({}, "{y} * (np.log(np.where({y} == 0, 1.0, {y})) - {x})", "-{y}")


def poisson(loss: Any) -> Cost:
    """For predictions that are logarithms of rates, or the rates."""
    if loss.log_input:
        return Cost({"rate": "np.exp({x})"}, "{rate} - {y} * {x}", "({rate} - {y})")
    return Cost({"rate": "{x} + {loss.eps!r}"}, "{x} - {y} * np.log({rate})", "(1.0 - {y} / {rate})")


COSTS: dict[type, Cost | Callable[[Any], Cost]] = {
    losses.L2Loss: Cost(APART, "{d} ** 2", "2.0 * {d}"),
    losses.L1Loss: Cost(APART, "np.abs({d})", "np.sign({d})"),
    losses.HuberLoss: Cost(
        APART | {"c": "np.clip({d}, -{loss.delta!r}, {loss.delta!r})"}, "{c} * ({d} - {c} / 2)", "{c}"
    ),
    losses.SmoothL1Loss: Cost(
        APART | {"c": "np.clip({d} / {loss.beta!r}, -1, 1)"}, "{c} * ({d} - {loss.beta!r} / 2 * {c})", "{c}"
    ),
    losses.BinaryCrossEntropy: Cost(
        {"small": "np.exp(-np.abs({x}))"},
        "np.maximum({x}, 0.0) - {y} * {x} + np.log1p({small})",
        "(np.where({x} >= 0, 1.0, {small}) / (1.0 + {small}) - {y})",
    ),
    losses.SoftmaxCrossEntropy: Cost(
        {"right": RIGHT, "scores": "{x} - np.max({x}, axis=-1, keepdims=True)", "e": "np.exp({scores})"},
        "{right} * (np.log(np.sum({e}, axis=-1, keepdims=True)) - {scores})",
        "({e} / np.sum({e}, axis=-1, keepdims=True) - {right})",
    ),
    losses.NLLLoss: Cost({"right": RIGHT}, "np.where({right}, -{x}, 0.0)", "np.where({right}, -1.0, 0.0)"),
    losses.SVMLoss: Cost(
        {
            "right": RIGHT,
            "margins": "{x} - np.sum({right} * {x}, axis=-1, keepdims=True) + {loss.margin!r}",
            "hinges": "np.where({right}, 0.0, {margins})",
        },
        "np.maximum({hinges}, 0.0)",
        "(({hinges} > 0) - {right} * np.sum({hinges} > 0, axis=-1, keepdims=True))",
    ),
    losses.HingeEmbeddingLoss: Cost(
        {},
        "np.where({y} == 1, {x}, np.maximum({loss.margin!r} - {x}, 0.0))",
        "np.where({y} == 1, 1.0, np.where({x} < {loss.margin!r}, -1.0, 0.0))",
    ),
    losses.KLDivLoss: kl_div,
    losses.PoissonNLLLoss: poisson,
}


def cost_of(loss: Any) -> Cost:
    """The templates of a loss, or an error that names it; weights and the like have none."""
    options = [getattr(loss, name, None) for name in ("label_smoothing", "full")]
    weight = getattr(loss, "weight", None)
    weighted = weight is not None and not np.array_equal(weight, 1.0)
    if type(loss) not in COSTS or any(options) or weighted or getattr(loss, "ignore_index", None) is not None:
        raise NotImplementedError(f"flat_code: no rule for the loss {loss!r}; see graph/flat/costs.py")
    cost = COSTS[type(loss)]
    return cost if isinstance(cost, Cost) else cost(loss)
