"""Graph: layers joined by wires in any way without circles, run forward, then backward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

from graph.steps import BackwardStep, ForwardStep, backward_through, forward_through
from graph.wiring.ports import Ports
from graph.wiring.program import put
from layers.base import Gradients, Layer
from layers.errors import locate


class Graph(Ports):
    """Any DAG: nodes are layers, edges are wires; a wire used more than once goes through a visible Branch.

    Equation:  x_out = f(x_in, theta) at each node in the order of adding, g_in = g_out L^x in the reverse order
               g_in = g_out^1 + ... + g_out^n at a fork
    Shapes:    a value for each input, in order or by name; one x_out, or a tuple of several; g_in like the inputs
    Raises:    ValueError for a graph without output or a wire that leads nowhere; the layers' own errors, with the
               place in front; `Wiring` says what is refused before
    Source:    chapter 14.7, figures 14.18 to 14.20; course notes, f(x, y, z) = (x + y) z

    To draw it: `nodes` and `edges`, `inputs` and `outputs` (wires), and in `values` and `gradients` what lay on each
    edge in the last pass (empty before one). The Branches at forks are nodes, "branch(x)", but not among `layers`.
    `wires` has every wire by its name; a wire's own `value`, `gradient` and `contributions` are the same record.

    >>> from layers import Add
    >>> g = Graph()
    >>> x, y, z = g.input("x"), g.input("y"), g.input("z")
    >>> q = g.add(Add(), x, y, name="q")
    >>> g.output(q * z)
    >>> g.forward(-2.0, 5.0, -4.0)                     # (-2 + 5) * -4
    np.float64(-12.0)
    >>> (dx, dy, dz), param_grads = g.backward(1.0)
    >>> float(dx), float(dy), float(dz), float(q.gradient)
    (-4.0, -4.0, 3.0, -4.0)
    """

    def forward(self, *x_in: Any, **named: Any) -> Any:
        self._fix()
        self._ran = False
        x_in = self._in_order(x_in, named)
        x_out = self._forward_steady(x_in)
        if x_out is not None:
            return x_out
        self._begin()
        values = self._enter(x_in)
        try:
            for name, layer, take, _, _, outs, _, _ in self._program:
                put(values, outs, layer.forward(take(values)), "x_out", layer)
        except Exception as error:
            locate(error, self, name)
            raise
        return self._end(x_in, self._leave())

    def forward_unchecked(self, x_in: Any) -> Any:
        self._unchecked.forward(self._enter(x_in), self._seen)
        return self._leave()

    def backward(self, g_out: Any, to_data: bool = True) -> tuple[Any, Gradients]:
        self._check_ran()
        done = self._backward_steady(g_out, to_data)
        if done is not None:
            return done
        gradients = self._turn(g_out)
        param_grads: dict[str, Gradients] = {}
        try:
            for name, layer, _, ins, take_back, _, reaches, has_params in reversed(self._program):
                if to_data or reaches:
                    g_in, grads = layer.backward(take_back(gradients))
                    put(gradients, ins, g_in, "g_in", layer)
                    if grads or has_params:
                        param_grads[name] = grads
                elif has_params:
                    param_grads[name] = layer.backward_params(take_back(gradients))
        except Exception as error:
            locate(error, self, name)
            raise
        return (self._arrive() if to_data else None), self.gather(param_grads)

    def backward_unchecked(self, g_out: Any) -> tuple[Any, Gradients]:
        param_grads = self._unchecked.backward(self._turn(g_out), self._seen, True)
        return self._arrive(), self.gather_unchecked(param_grads)

    def backward_params_unchecked(self, g_out: Any) -> Gradients:
        return self.gather_unchecked(self._unchecked.backward(self._turn(g_out), self._seen, False))

    def forward_steps(self, *x_in: Any, nested: bool = False, **named: Any) -> Iterator[ForwardStep]:
        """Forward one node at a time, lazily: step.name, .layer, .x_in, .x_out; `nested` goes into containers."""
        self._fix()
        self._begin()
        x_in = self._in_order(x_in, named)
        values = self._enter(x_in)
        for name, layer, take, _, _, outs, _, _ in self._program:
            x_out = yield from forward_through(self, name, layer, take(values), nested)
            put(values, outs, x_out, "x_out", layer)
        return self._end(x_in, self._leave())

    def backward_steps(self, g_out: Any, *, nested: bool = False) -> Iterator[BackwardStep]:
        """Backward one node at a time, the last first: step.name, .layer, .g_out, .g_in, .param_grads."""
        self._check_ran()
        gradients = self._turn(g_out)
        param_grads: dict[str, Gradients] = {}
        for name, layer, _, ins, take_back, _, _, _ in reversed(self._program):
            g_in, param_grads[name] = yield from backward_through(self, name, layer, take_back(gradients), nested)
            put(gradients, ins, g_in, "g_in", layer)
        return self._arrive(), self.gather(param_grads)

    def _plan(self, seen: list[Any]) -> None:
        self._seen = seen

    def _parts(self) -> Iterable[Layer]:
        return [node.layer for node in self._nodes]

    def tied(self) -> Self:
        other = super().tied()
        other._rewire()
        other.values, other.gradients, other.fixed = [], [], False
        return other
