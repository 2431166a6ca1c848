"""A layer as a plain function: a list of arrays in, a list of arrays out, and the gradients of both kinds by name."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graph.dag import Graph
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError, label
from layers.wires import described


def leaves(wire: Any) -> list[Any]:
    """The arrays of a wire, in order: one, or those of a tuple (of tuples).

    >>> leaves((1.0, (2.0, 3.0)))
    [1.0, 2.0, 3.0]
    """
    return [leaf for part in wire for leaf in leaves(part)] if type(wire) is tuple else [wire]


def rebuilt(wire: Any, parts: Iterator[Any]) -> Any:
    """The wire with other arrays in its places.

    >>> rebuilt((1.0, (2.0, 3.0)), iter("abc"))
    ('a', ('b', 'c'))
    """
    return tuple(rebuilt(part, parts) for part in wire) if type(wire) is tuple else next(parts)


class Function:
    """Runs a layer, with a loss on top if there is one, on arrays of its own that a check may move.

    `x_in` is what the layer's forward takes: a value, a tuple of wires, or for a forward of several arguments (a
    loss: y_hat and y; a graph of several inputs) the tuple of them. For a penalty it is the dict of parameters.
    """

    def __init__(self, layer: Layer, x_in: Any, loss: Layer | None = None, y: Any = None) -> None:
        self.layer, self.loss, self.y = layer, loss, y
        self.keys = list(x_in) if isinstance(x_in, Mapping) else None
        self.x_in = tuple(x_in.values()) if self.keys else x_in
        self.arguments, self.spread = (["params"], False) if self.keys else arguments_of(layer, x_in)
        self.inputs = [np.array(leaf) for leaf in leaves(self.x_in)]
        self.names = self.keys or self._names()

    def forward(self) -> list[Array]:
        """The arrays of x_out at the inputs and parameters as they now are."""
        x_in = dict(zip(self.keys, self.inputs, strict=True)) if self.keys else rebuilt(self.x_in, iter(self.inputs))
        self.x_out = self.layer.forward(*x_in) if self.spread else self.layer.forward(x_in)
        if self.loss is not None:
            self.x_out = self.loss.forward(self.x_out, self.y)
        return [np.asarray(leaf) for leaf in leaves(self.x_out)]

    def backward(self, g_outs: list[Array]) -> tuple[list[Array | None], Gradients]:
        """The gradients of the inputs (None where there is none: a target, indices) and of the parameters."""
        g_out = rebuilt(self.x_out, iter(g_outs))
        if self.loss is not None:
            g_out = self.loss.backward(g_out)[0]
        result = self.layer.backward(g_out)
        if type(result) is not tuple or len(result) != 2 or not isinstance(result[1], Mapping):
            raise TypeError(
                f"backward must return (g_in, param_grads), got {described(result)}; {{}} for no parameters"
            )
        g_in, param_grads = result
        if self.keys:
            return [param_grads.get(key) for key in self.keys], {}
        g_ins = leaves(g_in)
        return g_ins + [None] * (len(self.inputs) - len(g_ins)), param_grads

    def real_inputs(self, g_ins: list[Array | None]) -> bool:
        """Turn integer inputs that have a gradient into float64; True if there were any."""
        whole = [i for i, x in enumerate(self.inputs) if g_ins[i] is not None and x.dtype.kind in "iub"]
        for i in whole:
            self.inputs[i] = self.inputs[i].astype(np.float64)
        return bool(whole)

    def _names(self) -> list[str]:
        if isinstance(self.layer, Graph) and len(self.layer.inputs) == len(self.inputs):
            return [wire.name for wire in self.layer.inputs]
        if len(self.arguments) == len(self.inputs) != 1:
            return list(self.arguments)
        return ["x_in"] if type(self.x_in) is not tuple else [f"x_in[{i}]" for i in range(len(self.inputs))]


def arguments_of(layer: Layer, x_in: Any) -> tuple[list[str], bool]:
    """The names of the values that forward takes, and whether x_in is a tuple to spread over them.

    >>> from layers import ReLU
    >>> arguments_of(ReLU(), [1.0])
    (['x_in'], False)
    """
    parameters = list(inspect.signature(layer.forward).parameters.values())
    names = [
        p.name for p in parameters if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if not names:  # a graph's forward(*values)
        return ["x_in"], type(x_in) is tuple
    if len(names) > 1 and (type(x_in) is not tuple or len(x_in) != len(names)):
        raise ShapeError(f"x_in must be the tuple ({', '.join(names)}) that forward takes", label(layer))
    return names, len(names) > 1
