"""The layer: something that runs forward, runs backward in isolation from the rest, and may have parameters."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from layers.errors import BackwardBeforeForwardError, ParameterNameError, ShapeError
from layers.update import checked_update, move
from layers.wires import FLOATS, Array, described, float_array, float_arrays

Wire = Any  # one array, or a tuple of arrays where a layer has several inputs or outputs
Gradients = dict[str, np.ndarray]
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Layer:
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
    _sent: Any = None  # shape and dtype of the last x_out: None until a forward pass has ended

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

    def receive(self, x_in: Any, dtype: np.dtype | None = None) -> Array:
        """One input as an array of floats: of `dtype`, or keeping its own. The operating point is open until `send`."""
        self._sent = None
        if type(x_in) in FLOATS and (x_in.dtype is dtype or (dtype is None and x_in.dtype.kind == "f")):
            return x_in
        return float_array(self, "x_in", x_in, dtype)

    def receive_many(self, x_in: Any, n: int | None = None) -> tuple[Array, ...]:
        """Several inputs (exactly `n`, if given) as arrays of one float dtype."""
        self._sent = None
        if type(x_in) is not tuple or not x_in or (n is not None and len(x_in) != n):
            return float_arrays(self, "x_in", x_in, n)
        dtype = getattr(x_in[0], "dtype", None)
        for x in x_in:
            if type(x) not in FLOATS or x.dtype is not dtype or dtype.kind != "f":
                return float_arrays(self, "x_in", x_in, n)
        return x_in

    def send(self, x_out: Any) -> Any:
        """Hand out x_out, noting its shape and dtype for `receive_gradient`."""
        if type(x_out) is tuple:
            self._sent = [(x.shape, x.dtype) for x in x_out]
        else:
            self._sent = (x_out.shape, x_out.dtype)
        return x_out

    def receive_gradient(self, g_out: Any) -> Any:
        """g_out with the shape and dtype of the x_out that was sent, or an error."""
        sent = self._sent
        if sent is None:
            raise BackwardBeforeForwardError("backward needs a forward pass first: call forward(x_in)", repr(self))
        if type(sent) is list:
            if type(g_out) is not tuple or len(g_out) != len(sent):
                raise ShapeError(f"g_out must be a tuple of {len(sent)} arrays, got {described(g_out)}", repr(self))
            return tuple(self._gradient(g, *like) for g, like in zip(g_out, sent, strict=True))
        shape, dtype = sent
        if type(g_out) in FLOATS and g_out.dtype is dtype and g_out.shape == shape:
            return g_out
        return self._gradient(g_out, shape, dtype)

    def _gradient(self, g_out: Any, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        g_out = float_array(self, "g_out", g_out, dtype)
        if g_out.shape != shape:
            raise ShapeError(f"g_out must be shaped like x_out, {shape}, got {g_out.shape}", repr(self))
        return g_out

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
