"""The program of a graph without checks: flat tuples of what a loop needs, and the two loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.parameter import Parameter
from graph.steady import Unsteady
from graph.wiring.program import Operation, put
from layers import Add, Multiply
from layers.base import Gradients
from layers.gates.broadcast import product_to


class UncheckedProgram:
    """What `Graph` runs while its passes are steady; `seen` is the `_sent` of each layer in the last checked pass.

    A circuit of scalars is nearly all parameters and gates that add or multiply two numbers. They do here what their
    own methods do, without a call for each: 1.2 times the time of a hand-written script, and not 1.9. For the same
    reason what they need stands in plain tuples: unpacking an Operation, which has names, takes four times as long.
    """

    def __init__(self, program: list[Operation]) -> None:
        # parameters wait for nothing and lead nowhere: they go first, and come back last
        leaves = [(i, op) for i, op in enumerate(program) if type(op.layer) is Parameter]
        self.leaves = [(i, op.name, op.layer, op.edges_out[0]) for i, op in leaves]
        rest = [(i, op) for i, op in enumerate(program) if type(op.layer) is not Parameter]
        self.ways = [(i, op.layer, kind_of(op), *two(op.edges_in), op.edges_out[0], op) for i, op in rest]
        self.ways_back = self.ways[::-1]
        self.ways_to_params = [way for way in self.ways_back if way[-1].reaches or way[-1].has_params]

    def forward(self, values: list[Any], seen: list[Any]) -> None:
        """Fill in the values of all edges, from those of the inputs."""
        for i, _, leaf, out in self.leaves:
            if leaf._sent is not seen[i]:
                raise Unsteady
            values[out] = leaf.params["theta"].copy()
        for i, layer, kind, a, b, out, op in self.ways:
            if layer._sent is not seen[i]:
                raise Unsteady
            if kind is Multiply:
                x, y = layer.x_in = values[a], values[b]
                values[out] = x * y
            elif kind is Add:
                values[out] = values[a] + values[b]
            else:
                put(values, op.edges_out, layer.forward_unchecked(op.take(values)), "x_out", layer)

    def backward(self, gradients: list[Any], seen: list[Any], to_data: bool) -> dict[str, Gradients]:
        """Fill in the gradients of all edges, or of those that lead to parameters; returns the param_grads by layer."""
        param_grads: dict[str, Gradients] = {}
        for i, layer, kind, a, b, out, op in self.ways_back if to_data else self.ways_to_params:
            if layer._sent is not seen[i]:
                raise Unsteady
            if kind is Multiply:
                g, (x, y), (whole_x, whole_y) = gradients[out], layer.x_in, layer.whole
                gradients[a] = g * y if whole_x else product_to(g, y, x.shape)
                gradients[b] = g * x if whole_y else product_to(g, x, y.shape)
            elif kind is Add and layer.alike:
                gradients[a] = gradients[b] = gradients[out]
            else:
                g_in, grads = layer.backward_unchecked(op.take_back(gradients))
                put(gradients, op.edges_in, g_in, "g_in", layer)
                if grads:
                    param_grads[op.name] = grads
        for i, name, leaf, out in self.leaves:
            if leaf._sent is not seen[i]:
                raise Unsteady
            g = gradients[out]
            param_grads[name] = {"theta": g.copy() if type(g) is np.ndarray else g}
        return param_grads


def kind_of(op: Operation) -> type | None:
    """Add or Multiply, if it is that gate (no subclass) on two wires."""
    return type(op.layer) if type(op.layer) in (Add, Multiply) and len(op.edges_in) == 2 else None


def two(edges: tuple[int, ...]) -> tuple[int, int]:
    """The edges of a gate on two wires; of any other it does not matter which."""
    return edges if len(edges) == 2 else (0, 0)
