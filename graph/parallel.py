"""Parallel: several layers side by side, each on a wire of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.container import Container
from graph.naming.places import name_layers
from graph.steady import Unsteady
from graph.steps import BackwardStep, ForwardStep, backward_through, forward_through
from layers.base import Gradients, Layer
from layers.errors import ShapeError, locate
from layers.wires import described


class Parallel(Container):
    """One layer for each wire of a tuple.

    Equation:  x_out^i = f_i(x_in^i, theta_i)
               g_in^i = g_out^i L_i^x
    Shapes:    x_in a tuple with one entry for each layer, x_out another
    Raises:    ShapeError if the tuple has another length; the layers' own errors, with the place in front
    Source:    chapter 14.7, figure 14.20

    >>> from layers import Identity, ReLU
    >>> ways = Parallel(ReLU(), Identity())
    >>> ways.forward(([-1.0], [-1.0]))
    (array([0.]), array([-1.]))
    >>> ways.backward(([5.0], [7.0]))[0]
    (array([0.]), array([7.]))
    """

    def __init__(self, *layers: Layer, **named_layers: Layer) -> None:
        super().__init__(name_layers(type(self).__name__, layers, named_layers))

    def forward(self, x_in: Any) -> tuple[Any, ...]:
        done = self._forward_steady(x_in)
        if done is not None:
            return done
        self._begin()
        self._check_width("x_in", x_in)
        x_out = []
        try:
            for (name, layer), x in zip(self.layers.items(), x_in, strict=True):
                x_out.append(layer.forward(x))
        except Exception as error:
            locate(error, self, name)
            raise
        return self._end(x_in, tuple(x_out))

    def forward_unchecked(self, x_in: tuple[Any, ...]) -> tuple[Any, ...]:
        x_out = []
        for (_, layer, sent, run, _), x in zip(self._ways, x_in, strict=True):
            if layer._sent is not sent:
                raise Unsteady
            x_out.append(run(x))
        return tuple(x_out)

    def backward(self, g_out: Any, to_data: bool = True) -> tuple[Any, Gradients]:
        self._check_ran()
        done = self._backward_steady(g_out, to_data)
        if done is not None:
            return done
        self._check_width("g_out", g_out)
        g_in, param_grads = [], {}
        try:
            for (name, layer), g in zip(self.layers.items(), g_out, strict=True):
                if to_data:
                    g, param_grads[name] = layer.backward(g)
                    g_in.append(g)
                else:
                    param_grads[name] = layer.backward_params(g)
        except Exception as error:
            locate(error, self, name)
            raise
        return (tuple(g_in) if to_data else None), self.gather(param_grads)

    def backward_unchecked(self, g_out: tuple[Any, ...]) -> tuple[Any, Gradients]:
        g_in, param_grads = [], {}
        for (name, layer, sent, _, run), g in zip(self._ways, g_out, strict=True):
            if layer._sent is not sent:
                raise Unsteady
            g, param_grads[name] = run(g)
            g_in.append(g)
        return tuple(g_in), self.gather_unchecked(param_grads)

    def backward_params_unchecked(self, g_out: tuple[Any, ...]) -> Gradients:
        param_grads = {}
        for (name, layer, sent, _, _), g in zip(self._ways, g_out, strict=True):
            if layer._sent is not sent:
                raise Unsteady
            param_grads[name] = layer.backward_params_unchecked(g)
        return self.gather_unchecked(param_grads)

    def _plan(self, seen: list[Any]) -> None:
        self._ways = [
            (name, layer, sent, layer.forward_unchecked, layer.backward_unchecked)
            for (name, layer), sent in zip(self.layers.items(), seen, strict=True)
        ]

    def forward_steps(self, x_in: Any, *, nested: bool = False) -> Iterator[ForwardStep]:
        """Forward one layer at a time, in order; `nested` goes into containers."""
        self._begin()
        self._check_width("x_in", x_in)
        x_out = []
        for (name, layer), x in zip(self.layers.items(), x_in, strict=True):
            x_out.append((yield from forward_through(self, name, layer, x, nested)))
        return self._end(x_in, tuple(x_out))

    def backward_steps(self, g_out: Any, *, nested: bool = False) -> Iterator[BackwardStep]:
        """Backward one layer at a time, the last first."""
        self._check_ran()
        self._check_width("g_out", g_out)
        g_in, param_grads = [], {}
        for (name, layer), g in reversed(list(zip(self.layers.items(), g_out, strict=True))):
            g, param_grads[name] = yield from backward_through(self, name, layer, g, nested)
            g_in.insert(0, g)
        return tuple(g_in), self.gather(param_grads)

    def _check_width(self, name: str, wires: Any) -> None:
        if type(wires) is not tuple or len(wires) != len(self.layers):
            raise ShapeError(
                f"{name} must be a tuple of {len(self.layers)}, one for each layer, got {described(wires)}",
                type(self).__name__,
            )
