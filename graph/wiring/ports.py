"""Ports: how values enter and leave a graph, and gradients on the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.wiring.forks import Edge, Node, lay_out
from graph.wiring.program import compile_nodes
from graph.wiring.refusals import check_finished
from graph.wiring.unchecked import UncheckedProgram
from graph.wiring.wiring import Wiring
from layers.errors import ShapeError
from layers.wires import described


class Ports(Wiring):
    """A finished wiring, laid out, with a record of what lay on each edge in the last pass.

    Raises:    ValueError for a graph without output or a wire that leads nowhere; TypeError for inputs whose names do
               not fit; ShapeError for a wrong number of inputs or gradients
    """

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Any] = []  # by edge, of the last pass: for looking at, never read by a later one
        self.gradients: list[Any] = []

    @property
    def nodes(self) -> list[Node]:
        """The layers and the Branches at forks, in the order of computation; looking at them fixes the graph."""
        self._fix()
        return self._nodes

    @property
    def edges(self) -> list[Edge]:
        """From which output of which node to which input of which; looking at them fixes the graph."""
        self._fix()
        return self._edges

    def _fix(self) -> None:
        if self.fixed:
            return
        check_finished(self)
        self._bind()
        self._nodes, self._edges = lay_out(self)
        self._program = compile_nodes(self._nodes)
        self._unchecked = UncheckedProgram(self._program)
        exits = [(edge.input, number) for number, edge in enumerate(self._edges) if edge.target is None]
        self._exits = tuple(number for _, number in sorted(exits))
        self.fixed = True

    def _enter(self, x_in: Any) -> list[Any]:
        """Lay the inputs on their edges: the start of a forward pass."""
        self.gradients = []
        self.values = [None] * len(self._edges)
        for wire, x in zip(self.inputs, (x_in,) if len(self.inputs) == 1 else x_in, strict=True):
            self.values[wire.edge] = x
        return self.values

    def _in_order(self, x_in: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """The input, or a tuple of several, in the order of `inputs`."""
        names = [wire.name for wire in self.inputs]
        if named:
            if x_in or named.keys() != set(names):
                raise TypeError(
                    f"Graph: forward takes {', '.join(names) or 'no inputs'}, all by position or all by name; "
                    f"got {len(x_in)} by position and {', '.join(named)}"
                )
            x_in = tuple(named[name] for name in names)
        if len(x_in) == 1 and type(x_in[0]) is tuple and len(names) != 1:
            x_in = x_in[0]  # as the layers of a chain hand on several wires
        if len(x_in) != len(names):
            raise ShapeError(f"x_in must be {len(names)} ({', '.join(names)}), got {len(x_in)}", type(self).__name__)
        return x_in[0] if len(names) == 1 else x_in

    def _leave(self) -> Any:
        """Take the outputs from their edges: the end of a forward pass."""
        x_out = tuple([self.values[number] for number in self._exits])
        return x_out if len(x_out) > 1 else x_out[0]

    def _turn(self, g_out: Any) -> list[Any]:
        """Lay g_out on the edges of the outputs: the start of a backward pass."""
        kind, n = type(self).__name__, len(self.outputs)
        if (type(g_out) is tuple) != (n > 1) or (n > 1 and len(g_out) != n):
            expected = f"a tuple of {n}, one for each output" if n > 1 else "one array"
            raise ShapeError(f"g_out must be {expected}, got {described(g_out)}", kind)
        self.gradients = [None] * len(self._edges)
        for number, g in zip(self._exits, g_out if n > 1 else (g_out,), strict=True):
            self.gradients[number] = g
        return self.gradients

    def _arrive(self) -> Any:
        """Take the gradients of the inputs from their edges: the end of a backward pass."""
        g_in = tuple([self.gradients[wire.edge] for wire in self.inputs])
        return g_in[0] if len(g_in) == 1 else g_in
