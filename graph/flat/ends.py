"""How the flat code ends: in a loss, and in a penalty on the weights."""

from __future__ import annotations

from typing import Any

from graph.flat.costs import cost_of
from graph.flat.script import Script
from losses import L2Penalty


def write_loss(script: Script, loss: Any, x: str, y: str) -> str:
    """Write the loss of a prediction x against a target y; returns the variable of its value."""
    cost = cost_of(loss)
    names = {"x": x, "y": y, "loss": loss}
    for name, expression in cost.first.items():
        names[name] = script.assign(script.name(name), expression.format(**names))
    elements, slope = cost.elements.format(**names), cost.slope.format(**names)
    J = script.name("J")
    if loss.reduction == "none":  # one number a datapoint: summed over all axes but the first of a batch
        axes = f"tuple(range(np.ndim({x}) > 1, np.ndim({x})))"
        g = f"np.reshape(grad_{J}, np.shape({J}) + (1,) * (np.ndim({x}) - np.ndim({J})))"
        return script.assign(J, f"np.sum({elements}, axis={axes})", [(x, f"{slope} * {g}")])
    if loss.reduction == "sum":
        return script.assign(J, f"np.sum({elements})", [(x, f"{slope} * grad_{J}")])
    N = script.assign(script.name("N"), f"np.shape({x})[0] if np.ndim({x}) > 1 else 1")
    return script.assign(J, f"np.sum({elements}) / {N}", [(x, f"{slope} * (grad_{J} / {N})")])


def write_penalty(script: Script, penalty: Any, J: str, params: dict[str, str]) -> str:
    """Add strength * sum of W^2 to the cost J; returns the variable of the sum."""
    if type(penalty) is not L2Penalty:
        raise NotImplementedError(f"flat_code: no rule for the penalty {penalty!r}; see graph/flat/ends.py")
    weights = [variable for name, variable in params.items() if name.endswith("W")]
    R, total = script.name("R"), script.name("J_total")
    squares = " + ".join(f"np.sum({W} * {W})" for W in weights) or "0.0"
    slopes = [(W, f"2.0 * {penalty.strength!r} * {W} * grad_{R}") for W in weights]
    script.assign(R, f"{penalty.strength!r} * ({squares})", slopes)
    return script.assign(total, f"{J} + {R}", [(J, f"grad_{total}"), (R, f"grad_{total}")])
