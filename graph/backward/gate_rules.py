"""The table of gates: how each layer is computed forward and backward by gates that can be run backward again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import layers as kit
from graph.backward.circuit import Circuit
from graph.backward.slopes import SLOPES
from graph.backward.sum_to import SumTo
from graph.parameter import Parameter
from graph.wiring.forks import Fork
from layers.base import Layer

Wires = Any  # a wire, or a tuple of wires
Pull = Callable[[Wires], Wires]  # from g_out to g_in: places the gates of the way back
Rule = Callable[[Circuit, str, Any, Wires], tuple[Wires, Pull]]  # (circuit, place, layer, x_in) -> (x_out, pull)


def linear(circuit: Circuit, where: str, layer: kit.Linear, x_in: Wires) -> tuple[Wires, Pull]:
    """One matrix product forward, one for g_in, and one more for the gradient of the weights."""
    g = circuit.graph
    W, is_transposed = circuit.theta(where, "W")
    node = (where or "0").replace(".", "_")
    turned = g.add(kit.Transpose(), circuit.thetas[W])
    W_T, W_wire = (circuit.thetas[W], turned) if is_transposed else (turned, circuit.thetas[W])
    x_out = x_in @ W_T
    b = circuit.theta(where, "b")[0] if circuit.has(where, "b") else None
    if b is not None:
        x_out = g.add(kit.Add(), x_out, circuit.thetas[b], name=f"x_out({node})")

    def pull(g_out: Wires) -> Wires:
        left, right = (x_in, g_out) if is_transposed else (g_out, x_in)
        product = partial(g.add, kit.MatMul(), name=circuit.label(W, where))
        circuit.collect(W, lambda: product(g.add(kit.Transpose(), left), right))
        if b is not None:
            circuit.collect(b, lambda: g.add(kit.Sum(0), g_out, name=circuit.label(b, where)))
        return g.add(kit.MatMul(), g_out, W_wire, name=f"g_in({node})")

    return x_out, pull


def pointwise(circuit: Circuit, where: str, layer: Layer, x_in: Wires) -> tuple[Wires, Pull]:
    """The layer forward; its slope times the gradient on the way back."""
    x_out = circuit.graph.add(layer.tied(), x_in)
    return x_out, lambda g_out: g_out * SLOPES[type(layer)](layer, x_in, x_out)


def parameter(circuit: Circuit, where: str, layer: Parameter, x_in: Wires) -> tuple[Wires, Pull]:
    """A leaf of the model's graph is an input of this one."""
    name, _ = circuit.theta(where, "theta")
    own_shape = SumTo(layer.params["theta"].shape)  # it may have met a batch

    def pull(g_out: Wires) -> Wires:
        circuit.collect(name, lambda: circuit.graph.add(own_shape, g_out, name=circuit.label(name, where)))
        return ()

    return circuit.thetas[name], pull


def branch(circuit: Circuit, where: str, layer: kit.Branch, x_in: Wires) -> tuple[Wires, Pull]:
    """Several uses of one wire; their gradients meet in an Add."""
    return (x_in,) * layer.n, lambda g_out: circuit.graph.add(kit.Add(), *g_out)


def add(circuit: Circuit, where: str, layer: kit.Add, x_in: Wires) -> tuple[Wires, Pull]:
    """The gradient goes to every input, all of one shape."""
    return circuit.graph.add(kit.Add(), *x_in), lambda g_out: (g_out,) * len(x_in)


def subtract(circuit: Circuit, where: str, layer: kit.Subtract, x_in: Wires) -> tuple[Wires, Pull]:
    """To the second input with the other sign."""
    return x_in[0] - x_in[1], lambda g_out: (g_out, -g_out)


def multiply(circuit: Circuit, where: str, layer: kit.Multiply, x_in: Wires) -> tuple[Wires, Pull]:
    """Each input's gradient is multiplied by the other inputs."""
    g = circuit.graph

    def pull(g_out: Wires) -> Wires:
        return tuple(g.add(kit.Multiply(), g_out, *x_in[:i], *x_in[i + 1 :]) for i in range(len(x_in)))

    return g.add(kit.Multiply(), *x_in), pull


RULES: dict[type[Layer], Rule] = {
    **dict.fromkeys(SLOPES, pointwise),
    Parameter: parameter,
    Fork: branch,
    kit.Linear: linear,
    kit.Branch: branch,
    kit.Add: add,
    kit.Subtract: subtract,
    kit.Multiply: multiply,
    kit.Identity: lambda circuit, where, layer, x_in: (x_in, lambda g_out: g_out),
    kit.Scale: lambda circuit, where, layer, x_in: (x_in * layer.a, lambda g_out: g_out * layer.a),
    kit.Shift: lambda circuit, where, layer, x_in: (x_in + layer.c, lambda g_out: g_out),
    kit.Negate: lambda circuit, where, layer, x_in: (-x_in, lambda g_out: -g_out),
}
