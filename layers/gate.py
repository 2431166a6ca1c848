"""The gate: each element is let through as far as its own number says, a linear layer with a diagonal matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import DtypeError, ShapeError
from layers.gates.broadcast import sum_to
from layers.rng import Seed, generator


class Gate(Layer):
    """Each element times a parameter of its own.

    Equation:  x_out = h * x_in                        (L^x = diag(h))
               g_in = h * g_out
               dJ/dh = x_in * g_out                    (summed over the leading axes that h lacks)
    Shapes:    x_in, x_out (...), the same; h shaped like x_in or like its last axes
    Raises:    ShapeError if x_in does not end in the shape of h, or g_out is not shaped like x_out
    Source:    chapter 14.6.5: on the way back, what a pointwise layer did to x_in has become a matrix of parameters

    >>> layer = Gate([1.0, 0.0])                       # what a ReLU leaves behind: open, shut
    >>> layer.forward([5.0, 7.0])
    array([5., 0.])
    >>> layer.backward([10.0, 100.0])
    (array([10.,  0.]), {'h': array([ 50., 700.])})
    """

    def __init__(self, h: Any) -> None:
        h = np.array(h)
        if h.dtype.kind not in "fiub":
            raise DtypeError(f"h must be made of real numbers, got {h.dtype}", "Gate")
        self.params = {"h": h if h.dtype.kind == "f" else h.astype(np.float64)}

    def forward(self, x_in: Any) -> Array:
        h = self.params["h"]
        x_in = self.receive(x_in, h.dtype)
        if x_in.shape[max(x_in.ndim - h.ndim, 0) :] != h.shape:
            raise ShapeError(f"x_in must end in the shape of h, {h.shape}, got {x_in.shape}", repr(self))
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: Array) -> Array:
        self.x_in = x_in
        return self.params["h"] * x_in

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[Array, Gradients]:
        h = self.params["h"]
        return h * g_out, {"h": sum_to(self.x_in * g_out, h.shape)}

    def __repr__(self) -> str:
        return f"Gate{self.params['h'].shape}"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Gate, Array]:
        """A gate for each feature, and a batch."""
        rng = generator(rng)
        return cls(rng.normal(size=4)), rng.normal(size=(5, 4))
