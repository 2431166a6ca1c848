"""The flat code of the gates that are not the same for every shape or every number of inputs."""

from __future__ import annotations

from typing import Any

import layers as kit
from graph.flat.rule import Rule
from layers.base import Layer


def shapes_met(gate: Layer) -> list[tuple[int, ...]]:
    """The shapes of a gate's inputs in the last forward pass; none before one."""
    if gate._sent is None:
        return []
    if isinstance(gate, kit.Divide):
        return [gate.shape, gate.divisor.shape]
    return [x.shape for x in gate.x_in] if isinstance(gate, kit.Multiply) else list(gate.shapes)


def back_to_shape(gate: Layer, gradients: list[str]) -> tuple[str, ...]:
    """Gradients of inputs that may have been repeated: summed back, unless their shapes were seen to be equal."""
    shapes = shapes_met(gate)
    if shapes and len(set(shapes)) == 1:
        return tuple(gradients)
    widest = max(map(len, shapes), default=None)
    return tuple(
        g if shapes and len(shapes[i]) == widest else f"sum_to({g}, {{x{i}}})" for i, g in enumerate(gradients)
    )


def add(layer: Layer, n: int) -> Rule:
    """All inputs added; each gets the gradient that came."""
    return Rule(joined(" + ", range(n)), back_to_shape(layer, ["{g}"] * n))


def subtract(layer: Layer, n: int) -> Rule:
    """The second input taken from the first."""
    return Rule("{x0} - {x1}", back_to_shape(layer, ["{g}", "-{g}"]))


def multiply(layer: Layer, n: int) -> Rule:
    """All inputs multiplied; each gets the product of the others."""
    gradients = []
    for i in range(n):  # the product of the inputs before and that of the inputs after, as the gate itself does
        before, after = joined(" * ", range(i)), joined(" * ", range(n - 1, i, -1))
        others = " * ".join(f"({part})" if "*" in part else part for part in (before, after) if part)
        gradients.append(f"{{g}} * ({others})" if n > 2 else f"{{g}} * {others}")
    return Rule(joined(" * ", range(n)), back_to_shape(layer, gradients))


def divide(layer: Layer, n: int) -> Rule:
    """The first input over the second, without squaring the second on the way back."""
    return Rule("{x0} / {x1}", back_to_shape(layer, ["{g} / {x1}", "-({g} / {x1}) * {y}"]))


def maximum(layer: Layer, n: int) -> Rule:
    """Max: the first of the largest wins."""
    return winner("np.maximum", layer, n)


def minimum(layer: Layer, n: int) -> Rule:
    """Min: the first of the smallest wins."""
    return winner("np.minimum", layer, n)


def winner(function: str, layer: Layer, n: int) -> Rule:
    """Max and Min: the gradient goes to the first input that won."""
    forward = "{x0}"
    for i in range(1, n):
        forward = f"{function}({forward}, {{x{i}}})"
    won = [f"({{x{i}}} == {{y}})" for i in range(n)]
    first = [" & ".join([won[i], *(f"~{w}" for w in won[:i])]) for i in range(n)]
    return Rule(forward, back_to_shape(layer, [f"np.where({place}, {{g}}, 0.0)" for place in first]))


def power(layer: Any, n: int) -> Rule:
    """A constant exponent; x^0 has no slope anywhere."""
    if layer.p == 0.0:
        return Rule("np.ones_like({x})", ("{g} * (0.0 * {x})",))
    return Rule(power_of("{x}", layer.p), (f"{{g}} * ({layer.p!r} * {power_of('{x}', layer.p - 1.0)})",))


def power_of(x: str, p: float) -> str:
    """x to the power p as numpy computes x ** p for an array, to the last bit."""
    special = {
        0.0: "np.ones_like({x})",
        0.5: "np.sqrt({x})",
        1.0: "{x}",
        2.0: "np.square({x})",
        -1.0: "np.reciprocal({x})",
    }
    return special.get(p, f"np.power({{x}}, {p!r})").replace("{x}", x)


def joined(operator: str, inputs: Any) -> str:
    """The inputs of these numbers with an operator between them."""
    return operator.join(f"{{x{i}}}" for i in inputs)
