"""The checks of a layer: what comes in is converted or refused, what goes out is noted."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.errors import BackwardBeforeForwardError, ShapeError
from layers.wires import FLOATS, Array, described, float_array, float_arrays


class Checks:
    """What a layer may call at its entrances and exits: `receive`, `send`, and on the way back `receive_gradient`.

    Raises:    ShapeError, DtypeError for what cannot be converted; BackwardBeforeForwardError for a `backward` that no
               `forward` has gone before, or one that failed

    >>> layer = Checks()
    >>> layer.send(2 * layer.receive([1, 2]))
    array([2., 4.])
    >>> layer.receive_gradient([1, 1])
    array([1., 1.])
    """

    _sent: Any = None  # shape and dtype of the last x_out: None until a forward pass has ended

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
