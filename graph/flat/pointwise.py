"""The flat code of the layers that work on each element, or along one axis, whatever the shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import layers as kit
from graph.flat.rule import Rule
from layers.base import Layer
from layers.pointwise.gelu import CUBIC, ROOT_2_OVER_PI, ROOT_HALF
from layers.pointwise.selu import ALPHA, SCALE

Rules = dict[type[Layer], Callable[[Any, int], Rule]]


def same(forward: str, backward: str) -> Callable[[Any, int], Rule]:
    """The rule of a layer of one input that says the same whatever came in."""
    return lambda layer, n: Rule(forward, (backward,))


CLIP = same("np.clip({x}, {layer.low!r}, {layer.high!r})", "{g} * (({x} > {layer.low!r}) & ({x} < {layer.high!r}))")
LONG = "axis={layer.axis}, keepdims=True"


def relu(layer: Any, n: int) -> Rule:
    """max(x, 0), with the slope at 0 that the layer says."""
    gate = (
        f"np.where({{x}} == 0, {layer.at_zero!r} * {{g}}, {{g}} * ({{y}} > 0))" if layer.at_zero else "{g} * ({y} > 0)"
    )
    return Rule("np.maximum({x}, 0.0)", (gate,))


def gelu(layer: Any, n: int) -> Rule:
    """x Phi(x), with Phi as it is or by a tanh."""
    if layer.approximate == "none":
        share = f"0.5 * erfc(-{ROOT_HALF!r} * {{x}})"
        density = f"{0.5 * ROOT_2_OVER_PI!r} * np.exp(-0.5 * {{x}} * {{x}})"
    else:
        t = f"np.tanh({ROOT_2_OVER_PI!r} * ({{x}} + {CUBIC!r} * {{x}}**3))"
        share = f"0.5 * (1.0 + {t})"
        density = f"{0.5 * ROOT_2_OVER_PI!r} * (1.0 - {t} ** 2) * (1.0 + {3.0 * CUBIC!r} * {{x}} * {{x}})"
    return Rule(f"{{x}} * ({share})", (f"{{g}} * ({share} + {{x}} * ({density}))",))


POINTWISE: Rules = {
    kit.Abs: same("np.abs({x})", "{g} * np.sign({x})"),
    kit.Cos: same("np.cos({x})", "{g} * -np.sin({x})"),
    kit.ELU: same(
        "np.where({x} > 0, {x}, {layer.alpha!r} * np.expm1(np.minimum({x}, 0.0)))",
        "np.where({x} > 0, {g}, {g} * ({layer.alpha!r} * np.exp(np.minimum({x}, 0.0))))",
    ),
    kit.Exp: same("np.exp({x})", "{g} * {y}"),
    kit.GELU: gelu,
    kit.Hardtanh: CLIP,
    kit.LeakyReLU: same(
        "np.where({x} > 0, {x}, {layer.slope!r} * {x})", "np.where({x} > 0, {g}, {layer.slope!r} * {g})"
    ),
    kit.Log: same("np.log({x})", "{g} * (1.0 / {x})"),
    kit.LogSigmoid: same("-softplus(-{x})", "{g} * sigmoid(-{x})"),
    kit.LogSoftmax: same("log_softmax({x}, {layer.axis})", f"{{g}} - np.exp({{y}}) * np.sum({{g}}, {LONG})"),
    kit.Mish: same(
        "{x} * np.tanh(softplus({x}))",
        "{g} * (np.tanh(softplus({x})) + {x} * (1.0 - np.tanh(softplus({x})) ** 2) * sigmoid({x}))",
    ),
    kit.Negate: same("-{x}", "-{g}"),
    kit.ReLU: relu,
    kit.ReLU6: CLIP,
    kit.Reciprocal: same("1.0 / {x}", "{g} * -({y} * {y})"),
    kit.SELU: same(
        f"{SCALE!r} * np.where({{x}} > 0, {{x}}, {ALPHA!r} * np.expm1(np.minimum({{x}}, 0.0)))",
        f"{SCALE!r} * np.where({{x}} > 0, {{g}}, {{g}} * ({ALPHA!r} * np.exp(np.minimum({{x}}, 0.0))))",
    ),
    kit.Scale: same("{layer.a!r} * {x}", "{layer.a!r} * {g}"),
    kit.Shift: same("{x} + {layer.c!r}", "{g}"),
    kit.SiLU: same("{x} * sigmoid({x})", "{g} * (sigmoid({x}) + {y} * (1.0 - sigmoid({x})))"),
    kit.Sigmoid: same("sigmoid({x})", "{g} * ((1.0 - {y}) * {y})"),
    kit.Sin: same("np.sin({x})", "{g} * np.cos({x})"),
    kit.Softmax: same("softmax({x}, {layer.axis})", f"{{y}} * ({{g}} - np.sum({{g}} * {{y}}, {LONG}))"),
    kit.Softplus: same("softplus({layer.beta!r} * {x}) / {layer.beta!r}", "{g} * sigmoid({layer.beta!r} * {x})"),
    kit.Softsign: same("{x} / (1.0 + np.abs({x}))", "{g} / (1.0 + np.abs({x})) ** 2"),
    kit.Sqrt: same("np.sqrt({x})", "{g} * (0.5 / {y})"),
    kit.Square: same("{x} * {x}", "{g} * (2.0 * {x})"),
    kit.Tanh: same("np.tanh({x})", "{g} * (1.0 - {y} * {y})"),
}
