"""The table of rules: how each layer is written flat. A layer without a line here cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import layers as kit
from graph.flat.gates import add, divide, extreme, multiply, power, subtract
from graph.flat.products import linear, matmul, mean, select, total
from graph.flat.rule import Rule
from layers.base import Layer
from layers.errors import label


def same(forward: str, *backward: str) -> Callable[[Layer, int], Rule]:
    """The rule of a layer that says the same whatever came in."""
    return lambda layer, n: Rule(forward, backward)


RULES: dict[type[Layer], Callable[[Any, int], Rule]] = {  # (layer, number of inputs) -> its templates
    kit.Abs: same("np.abs({x})", "{g} * np.sign({x})"),
    kit.Add: add,
    kit.Cos: same("np.cos({x})", "{g} * -np.sin({x})"),
    kit.Divide: divide,
    kit.Exp: same("np.exp({x})", "{g} * {y}"),
    kit.Linear: linear,
    kit.Log: same("np.log({x})", "{g} * (1.0 / {x})"),
    kit.MatMul: matmul,
    kit.Max: extreme("maximum"),
    kit.Mean: mean,
    kit.Min: extreme("minimum"),
    kit.Multiply: multiply,
    kit.Negate: same("-{x}", "-{g}"),
    kit.Power: power,
    kit.ReLU: lambda layer, n: Rule("np.maximum({x}, 0.0)", (relu_gate(layer.at_zero),)),
    kit.Reciprocal: same("1.0 / {x}", "{g} * -({y} * {y})"),
    kit.Scale: same("{layer.a!r} * {x}", "{layer.a!r} * {g}"),
    kit.Select: select,
    kit.Shift: same("{x} + {layer.c!r}", "{g}"),
    kit.Sin: same("np.sin({x})", "{g} * np.cos({x})"),
    kit.Sqrt: same("np.sqrt({x})", "{g} * (0.5 / {y})"),
    kit.Square: same("{x} * {x}", "{g} * (2.0 * {x})"),
    kit.Subtract: subtract,
    kit.Sum: total,
}


def relu_gate(at_zero: float) -> str:
    """The gradient passes where the input was positive."""
    return f"{{g}} * (({{x}} > 0) + {at_zero!r} * ({{x}} == 0))" if at_zero else "{g} * ({y} > 0)"


def rule_of(place: str, layer: Layer, n: int) -> Rule:
    """The rule of a layer with n inputs, or an error that names it."""
    rule = RULES.get(type(layer))
    if rule is None:
        raise NotImplementedError(f'flat_code: no rule for layer "{place}", {label(layer)}; see graph/flat/rules.py')
    return rule(layer, n)
