"""The flat code of the losses: what each element costs, and the slope of that."""

from __future__ import annotations

from typing import Any, NamedTuple

import losses
from graph.flat.script import Script

CLASSES = "np.arange(np.shape({x})[-1])"
RIGHT = f"({{target}}[..., None] == {CLASSES})"  # one-hot rows, True at the label


class Cost(NamedTuple):
    """A loss: intermediate values, the cost of each element and the slope of each element's datapoint."""

    elements: str
    slope: str
    before: tuple[tuple[str, str], ...] = ()


COSTS = {
    losses.L2Loss: Cost("{d} ** 2", "2.0 * {d}", (("d", "{x} - {target}"),)),
    losses.L1Loss: Cost("np.abs({d})", "np.sign({d})", (("d", "{x} - {target}"),)),
    losses.HuberLoss: Cost(
        "{c} * ({d} - {c} / 2)",
        "{c}",
        (("d", "{x} - {target}"), ("c", "np.clip({d}, -{loss.delta!r}, {loss.delta!r})")),
    ),
    losses.BinaryCrossEntropy: Cost(
        "np.maximum({x}, 0.0) - {target} * {x} + np.log1p({small})",
        "(np.where({x} >= 0, 1.0, {small}) / (1.0 + {small}) - {target})",
        (("small", "np.exp(-np.abs({x}))"),),
    ),
    losses.SoftmaxCrossEntropy: Cost(
        "{right} * (np.log(np.sum({e}, axis=-1, keepdims=True)) - {scores})",
        "({e} / np.sum({e}, axis=-1, keepdims=True) - {right})",
        (("right", RIGHT), ("scores", "{x} - np.max({x}, axis=-1, keepdims=True)"), ("e", "np.exp({scores})")),
    ),
    losses.SVMLoss: Cost(
        "np.maximum({hinges}, 0.0)",
        "(({hinges} > 0) - {right} * np.sum({hinges} > 0, axis=-1, keepdims=True))",
        (
            ("right", RIGHT),
            ("margins", "{x} - np.sum({right} * {x}, axis=-1, keepdims=True) + {loss.margin!r}"),
            ("hinges", "np.where({right}, 0.0, {margins})"),
        ),
    ),
}


def write_loss(script: Script, loss: Any, x: str, target: str) -> str:
    """Add a loss and return the name of its value."""
    cost = COSTS.get(type(loss))
    if cost is None or not getattr(loss, "plain", True):
        raise NotImplementedError(f"flat_code: no rule for the loss {loss!r}; see graph/flat/costs.py")
    names = {"x": x, "target": target, "loss": loss}
    for name, expression in cost.before:
        names[name] = script.assign(script.name(name), expression.format(**names))
    elements, slope = cost.elements.format(**names), cost.slope.format(**names)
    J = script.name("J")
    if loss.reduction == "none":  # one number a datapoint: sum over all axes but the first of a batch
        axes = f"tuple(range(np.ndim({x}) > 1, np.ndim({x})))"
        g = f"np.reshape(grad_{J}, np.shape({J}) + (1,) * (np.ndim({x}) - np.ndim({J})))"
        return script.assign(J, f"np.sum({elements}, axis={axes})", [(x, f"{slope} * {g}")])
    if loss.reduction == "sum":
        return script.assign(J, f"np.sum({elements})", [(x, f"{slope} * grad_{J}")])
    N = script.assign(script.name("N"), f"np.shape({x})[0] if np.ndim({x}) > 1 else 1")
    return script.assign(J, f"np.sum({elements}) / {N}", [(x, f"{slope} * (grad_{J} / {N})")])


def write_penalty(script: Script, penalty: Any, J: str, params: dict[str, str]) -> str:
    """Add strength * sum of W^2 to the cost J; returns the name of the sum."""
    if type(penalty) is not losses.L2Penalty:
        raise NotImplementedError(f"flat_code: no rule for the penalty {penalty!r}; see graph/flat/costs.py")
    weights = [variable for name, variable in params.items() if name.endswith("W")]
    R = script.name("R")
    squares = " + ".join(f"np.sum({W} * {W})" for W in weights) or "0.0"
    slopes = [(W, f"2.0 * {penalty.strength!r} * {W} * grad_{R}") for W in weights]
    script.assign(R, f"{penalty.strength!r} * ({squares})", slopes)
    total = script.name("J_total")
    return script.assign(total, f"{J} + {R}", [(J, f"grad_{total}"), (R, f"grad_{total}")])
