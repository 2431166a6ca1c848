"""The program of a graph without checks: flat tuples of what a loop needs, and the two loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.parameter import Parameter
from graph.steady import Unsteady
from graph.wiring.program import Operation
from layers import Add, Multiply
from layers.base import Gradients
from layers.gates.broadcast import product_to


class UncheckedProgram:
    """What `Graph` runs while its passes are steady; `seen` is the `_sent` of each layer in the last checked pass.

    A circuit of scalars is nearly all parameters and gates that add or multiply two numbers. They do here what their
    own methods do, without a call for each: 1.2 times the time of a hand-written script, and not 1.9. For the same
    reason the tuples are plain ones: unpacking an Operation, which has names, takes four times as long.
    """

    def __init__(self, program: list[Operation]) -> None:
        # parameters wait for nothing and lead nowhere: they go first, and come back last
        leaves = [(i, op) for i, op in enumerate(program) if type(op.layer) is Parameter]
        rest = [(i, op) for i, op in enumerate(program) if type(op.layer) is not Parameter]
        self.leaves = [(i, op.name, op.layer, op.edges_out[0]) for i, op in leaves]
        self.ways = [
            (i, op.layer, kind_of(op), op.layer.forward_unchecked, op.take, op.edges_in, flat(op.edges_out))
            for i, op in rest
        ]
        self.ways_back = [
            (i, op.name, op.layer, kind_of(op), op.layer.backward_unchecked, op.take_back, op.edges_in, op.edges_out[0])
            for i, op in reversed(rest)
        ]
        useful = {i for i, op in rest if op.reaches or op.has_params}
        self.ways_to_params = [way for way in self.ways_back if way[0] in useful]

    def forward(self, values: list[Any], seen: list[Any]) -> None:
        """Fill in the values of all edges, from those of the inputs."""
        for i, _, leaf, out in self.leaves:
            if leaf._sent is not seen[i]:
                raise Unsteady
            values[out] = leaf.params["theta"].copy()
        for i, layer, kind, run, take, ins, out in self.ways:
            if layer._sent is not seen[i]:
                raise Unsteady
            if kind is Multiply:
                x, y = layer.x_in = values[ins[0]], values[ins[1]]
                values[out] = x * y
            elif kind is Add:
                values[out] = values[ins[0]] + values[ins[1]]
            elif type(out) is int:
                values[out] = run(take(values))
            else:
                for edge, x in zip(out, run(take(values)), strict=True):
                    values[edge] = x

    def backward(self, gradients: list[Any], seen: list[Any], to_data: bool) -> dict[str, Gradients]:
        """Fill in the gradients of all edges, or of those that lead to parameters; returns the param_grads by layer."""
        param_grads: dict[str, Gradients] = {}
        for i, name, layer, kind, run, take_back, ins, out in self.ways_back if to_data else self.ways_to_params:
            if layer._sent is not seen[i]:
                raise Unsteady
            if kind is Multiply:
                g, (x, y), (whole_x, whole_y) = gradients[out], layer.x_in, layer.whole
                gradients[ins[0]] = g * y if whole_x else product_to(g, y, x.shape)
                gradients[ins[1]] = g * x if whole_y else product_to(g, x, y.shape)
            elif kind is Add and layer.alike:
                gradients[ins[0]] = gradients[ins[1]] = gradients[out]
            else:
                g_in, grads = run(take_back(gradients))
                if grads:
                    param_grads[name] = grads
                for edge, g in zip(ins, (g_in,) if len(ins) == 1 else g_in, strict=True):
                    gradients[edge] = g
        for i, name, leaf, out in self.leaves:
            if leaf._sent is not seen[i]:
                raise Unsteady
            g = gradients[out]
            param_grads[name] = {"theta": g.copy() if type(g) is np.ndarray else g}
        return param_grads


def kind_of(op: Operation) -> type | None:
    """Add or Multiply, if it is that gate (no subclass) on two wires."""
    return type(op.layer) if type(op.layer) in (Add, Multiply) and len(op.edges_in) == 2 else None


def flat(edges: tuple[int, ...]) -> int | tuple[int, ...]:
    """One edge as its number, several as they are."""
    return edges[0] if len(edges) == 1 else edges
