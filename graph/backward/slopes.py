"""The table of slopes: for each pointwise layer the gates that compute h'(x_in), which can be differentiated again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import layers as kit
from graph.backward.slope import Slope
from graph.wiring.wire import Wire
from layers.base import Layer

SlopeOf = Callable[[Any, Wire, Wire], Wire]  # (layer, x_in, x_out) -> h'(x_in)


def pieces(layer: Layer, x: Wire, x_out: Wire) -> Wire:
    """One number for each straight piece."""
    return x.graph.add(Slope(layer), x)


def silu(layer: Layer, x: Wire, x_out: Wire) -> Wire:
    """s + x s (1 - s), which is s + x_out (1 - s)."""
    s = x.graph.add(kit.Sigmoid(), x)
    return s + x_out * (1.0 - s)


def softplus(layer: kit.Softplus, x: Wire, x_out: Wire) -> Wire:
    """The sigmoid of beta x."""
    return x.graph.add(kit.Sigmoid(), x if layer.beta == 1.0 else layer.beta * x)


STRAIGHT = (
    *(kit.ReLU, kit.LeakyReLU, kit.ReLU6, kit.Hardtanh, kit.Hardsigmoid),
    *(kit.Softshrink, kit.Hardshrink, kit.Threshold, kit.Abs),
)
SLOPES: dict[type[Layer], SlopeOf] = {
    kit.Tanh: lambda layer, x, x_out: 1.0 - x.graph.add(kit.Square(), x_out),
    kit.Sigmoid: lambda layer, x, x_out: x_out * (1.0 - x_out),
    kit.Softplus: softplus,
    kit.LogSigmoid: lambda layer, x, x_out: x.graph.add(kit.Sigmoid(), -x),
    kit.SiLU: silu,
    kit.Exp: lambda layer, x, x_out: x_out,
    kit.Sin: lambda layer, x, x_out: x.graph.add(kit.Cos(), x),
    kit.Cos: lambda layer, x, x_out: -x.graph.add(kit.Sin(), x),
    kit.Square: lambda layer, x, x_out: 2.0 * x,
    **dict.fromkeys(STRAIGHT, pieces),
}
