"""Sequential: a chain of layers that runs forward, then backward (algorithm 14.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.container import Container
from graph.naming.places import name_layers
from graph.steady import Unsteady
from graph.steps import BackwardStep, ForwardStep, backward_through, forward_through
from layers.base import Gradients, Layer
from layers.errors import locate


class Sequential(Container):
    """A chain: the output of each layer is the input of the next.

    Equation:  x_l = f_l(x_{l-1}, theta_l)             for l = 1, ..., L
               g_{l-1} = g_l L_l^x                     for l = L, ..., 1
               dJ/dtheta_l = g_l L_l^theta
    Shapes:    x_in that of the first layer, x_out that of the last
    Raises:    the layers' own errors, with the place in front
    Source:    chapter 14.4, algorithm 14.1

    >>> from layers import Linear, ReLU
    >>> model = Sequential(Linear.from_arrays([[1.0, 2.0]], [3.0]), ReLU())
    >>> model.forward([1.0, 1.0])                      # max(0, 1*1 + 2*1 + 3)
    array([6.])
    >>> g_in, param_grads = model.backward([10.0])
    >>> g_in                                           # the gate is open: 10 * (1, 2)
    array([10., 20.])
    >>> list(param_grads)
    ['0.W', '0.b']
    """

    def __init__(self, *layers: Layer, **named_layers: Layer) -> None:
        super().__init__(name_layers(type(self).__name__, layers, named_layers))

    def _bind(self) -> None:
        super()._bind()
        self._chain = tuple(self.layers.items())
        # the first layer with parameters: below it, only the gradient of the data would ask for work
        self._first = next((i for i, (_, layer) in enumerate(self._chain) if layer.params), len(self._chain))

    def forward(self, x_in: Any) -> Any:
        x_out = self._forward_steady(x_in)
        if x_out is not None:
            return x_out
        self._begin()
        x = x_in
        try:
            for name, layer in self._chain:
                x = layer.forward(x)
        except Exception as error:
            locate(error, self, name)
            raise
        return self._end(x_in, x)

    def forward_unchecked(self, x_in: Any) -> Any:
        x = x_in
        for layer, sent, run in self._ways:
            if layer._sent is not sent:
                raise Unsteady
            x = run(x)
        return x

    def backward(self, g_out: Any, to_data: bool = True) -> tuple[Any, Gradients]:
        self._check_ran()
        done = self._backward_steady(g_out, to_data)
        if done is not None:
            return done
        g = g_out
        param_grads = {}
        last = 0 if to_data else self._first + 1
        try:
            for name, layer in reversed(self._chain[last:]):
                g, param_grads[name] = layer.backward(g)
            if not to_data and self._first < len(self._chain):
                name, layer = self._chain[self._first]
                param_grads[name] = layer.backward_params(g)
        except Exception as error:
            locate(error, self, name)
            raise
        return (g if to_data else None), self.gather(param_grads)

    def backward_unchecked(self, g_out: Any) -> tuple[Any, Gradients]:
        g_in, param_grads = _back(self._ways_back, g_out)
        return g_in, self.gather_unchecked(param_grads)

    def backward_params_unchecked(self, g_out: Any) -> Gradients:
        if not self._ways_to_params:
            return {}
        *later, (name, layer, sent, _) = self._ways_to_params
        g, param_grads = _back(later, g_out)
        if layer._sent is not sent:
            raise Unsteady
        param_grads[name] = layer.backward_params_unchecked(g)
        return self.gather_unchecked(param_grads)

    def _plan(self, seen: list[Any]) -> None:
        chain = list(zip(self._chain, seen, strict=True))
        self._ways = [(layer, sent, layer.forward_unchecked) for (_, layer), sent in chain]
        self._ways_back = [(name, layer, sent, layer.backward_unchecked) for (name, layer), sent in reversed(chain)]
        self._ways_to_params = self._ways_back[: len(chain) - self._first]

    def forward_steps(self, x_in: Any, *, nested: bool = False) -> Iterator[ForwardStep]:
        """Forward one layer at a time, lazily: step.name, .layer, .x_in, .x_out; `nested` goes into containers."""
        self._begin()
        x = x_in
        for name, layer in self._chain:
            x = yield from forward_through(self, name, layer, x, nested)
        return self._end(x_in, x)

    def backward_steps(self, g_out: Any, *, nested: bool = False) -> Iterator[BackwardStep]:
        """Backward one layer at a time, lazily: step.name, .layer, .g_out, .g_in, .param_grads."""
        self._check_ran()
        g = g_out
        param_grads = {}
        for name, layer in reversed(self._chain):
            g, param_grads[name] = yield from backward_through(self, name, layer, g, nested)
        return g, self.gather(param_grads)


def _back(ways: list[tuple], g: Any) -> tuple[Any, dict[str, Gradients]]:
    """The gradient that these layers let through, and what they gave for their parameters."""
    param_grads = {}
    for name, layer, sent, run in ways:
        if layer._sent is not sent:
            raise Unsteady
        g, grads = run(g)
        if grads:
            param_grads[name] = grads
    return g, param_grads
