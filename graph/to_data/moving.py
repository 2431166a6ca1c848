"""The inputs of a model by name, some of them moving: a single input is called x, a graph's have their own names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph.dag import Graph
from layers.base import Array, Gradients, Layer
from layers.errors import label
from layers.wires import float_array


class Inputs:
    """Named values for a model's inputs, which of them move, and the model's forward and backward in these names.

    Raises:    TypeError if the names are not those of the graph's inputs; ValueError for an unknown name in `wrt`

    >>> from layers import Square
    >>> inputs = Inputs(Square(), [3.0], None)
    >>> inputs.forward(inputs.values)
    array([9.])
    >>> inputs.backward([10.0])
    {'x': array([60.])}
    """

    def __init__(self, model: Layer, x0: Any, wrt: str | Iterable[str] | None) -> None:
        self.model, self.named = model, isinstance(x0, Mapping)
        self.names = [wire.name for wire in model.inputs] if self.named and isinstance(model, Graph) else ["x"]
        values = x0 if self.named else {"x": x0}
        if values.keys() != set(self.names):
            raise TypeError(f"x0 must name the inputs {', '.join(self.names)}, got {', '.join(values)}")
        wrt = self.names if wrt is None else [wrt] if isinstance(wrt, str) else list(wrt)
        for name in wrt:
            if name not in self.names:
                raise ValueError(f"wrt: no input {name!r}; there are {', '.join(self.names)}")
        self.moving = wrt
        self.values = {name: values[name] for name in self.names}
        for name in wrt:
            x = float_array(model, f"x0[{name!r}]" if self.named else "x0", values[name])
            self.values[name] = x.copy()  # the first frame: the reader may write into x0 afterwards

    def forward(self, values: Mapping[str, Any]) -> Any:
        """x_out of the model."""
        return self.model.forward(*(values[name] for name in self.names))

    def backward(self, g_out: Any) -> Gradients:
        """The gradients of those inputs that move."""
        g_in = self.model.backward(g_out)[0]
        g_in = g_in if len(self.names) > 1 else (g_in,)
        gradients = dict(zip(self.names, g_in, strict=True))
        for name in self.moving:
            if gradients[name] is None:
                raise TypeError(f"{label(self.model)}: the input {name} has no gradient, so it cannot move")
        return {name: gradients[name] for name in self.moving}

    def given(self, values: Mapping[str, Array]) -> Any:
        """The values as they were given: by name, or the one of a single input."""
        return dict(values) if self.named else values["x"]
