"""The layer: something that runs forward, runs backward in isolation from the rest, and may have parameters."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from layers.checks import Checks
from layers.errors import ParameterNameError
from layers.update import checked_update, move
from layers.wires import Array

Wire = Any  # one array, or a tuple of arrays where a layer has several inputs or outputs
Gradients = dict[str, np.ndarray]
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Layer(Checks):
    """One block of a computation graph. A layer of one's own defines `forward` and `backward`, and nothing else.

    Equation:  x_out = f(x_in, theta)
               g_in = g_out L^x, dJ/dtheta = g_out L^theta
    Shapes:    g_in is shaped like x_in, g_out like x_out, param_grads[name] like params[name]
    Raises:    ShapeError, DtypeError or BackwardBeforeForwardError where `receive` and `receive_gradient` are used
    Source:    chapter 14.1 to 14.3, equations 14.1 and 14.4 to 14.10

    `receive`, `send` and `receive_gradient` are there for comfort: they convert and check what comes in, and
    refuse a `backward` that no `forward` has gone before. A layer works without them.

    >>> class Triple(Layer):
    ...     def forward(self, x_in):
    ...         return self.send(3 * self.receive(x_in))
    ...     def backward(self, g_out):
    ...         return 3 * self.receive_gradient(g_out), {}
    >>> layer = Triple()
    >>> layer.forward([1.0, 2.0])
    array([3., 6.])
    >>> layer.backward([1.0, 10.0])
    (array([ 3., 30.]), {})
    """

    params: Mapping[str, Array] = NOTHING  # the arrays that `update` moves, by name
    layers: Mapping[str, Layer] = NOTHING  # the layers inside, by name: containers have some
    training: bool = True

    def forward(self, x_in: Wire) -> Wire:
        """x_out = f(x_in, theta); remembers what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(x_in)")

    def backward(self, g_out: Wire) -> tuple[Wire, Gradients]:
        """(g_in, param_grads) at the operating point of the last `forward`; changes nothing."""
        raise NotImplementedError(f"{type(self).__name__} has no backward(g_out)")

    def backward_params(self, g_out: Wire) -> Gradients:
        """`backward(g_out)[1]`, for less work where the layer can save the gradient of its input."""
        return self.backward(g_out)[1]

    def forward_unchecked(self, x_in: Wire) -> Wire:
        """`forward` for an x_in shaped like the last one, whose checks it would pass again: the mathematics alone.

        Containers call it, and the two below, where they may (graph/steady.py); a layer works without them.
        """
        raise NotImplementedError(f"{type(self).__name__} has no forward_unchecked(x_in)")

    def backward_unchecked(self, g_out: Wire) -> tuple[Wire, Gradients]:
        """`backward` for a g_out that is known to fit."""
        raise NotImplementedError(f"{type(self).__name__} has no backward_unchecked(g_out)")

    def backward_params_unchecked(self, g_out: Wire) -> Gradients:
        """`backward_params` for a g_out that is known to fit."""
        return self.backward_unchecked(g_out)[1]

    def update(self, param_grads: Mapping[str, Array], lr: float) -> None:
        """theta <- theta - lr * dJ/dtheta, in place (14.9), for any subset of the names; all or nothing."""
        lr, steps = checked_update(self, param_grads, lr)
        move(steps.values(), lr)

    def tied(self) -> Self:
        """A second layer with the same parameters (the very arrays) and an operating point of its own (14.8)."""
        other = copy.copy(self)
        if self.params:
            other.params = dict(self.params)
        for name in ("x_in", "x_rows", "x_out", "_sent"):
            vars(other).pop(name, None)
        parts = {id(part): part for part in (*self.layers.values(), *vars(self).values()) if isinstance(part, Layer)}
        if parts:  # a layer made of layers: each has a memory too
            inside = {key: part.tied() for key, part in parts.items()}
            other.layers = {name: inside[id(layer)] for name, layer in self.layers.items()}
            vars(other).update({name: inside[id(part)] for name, part in vars(other).items() if id(part) in inside})
        return other

    def state(self) -> dict[str, Array]:
        """What is neither parameter nor operating point (running statistics, a generator), as copied arrays."""
        return {}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take back what `state()` gave; refuses names it does not know, and then changes nothing."""
        if state:
            raise ParameterNameError(f"has no state, got {sorted(state)}", where=repr(self))

    def train(self) -> Self:
        """Switch this layer and all inside it to training (Dropout drops, BatchNorm uses the batch)."""
        return self._switch(True)

    def eval(self) -> Self:
        """Switch this layer and all inside it to evaluation."""
        return self._switch(False)

    def _switch(self, training: bool) -> Self:
        for layer in self.layers.values():
            layer._switch(training)
        self.training = training
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
