"""The slope of a layer of straight pieces, as a gate: it depends on x_in, and has no gradient of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers import ReLU
from layers.base import Array, Gradients, Layer
from layers.errors import label
from layers.rng import Seed


class Slope(Layer):
    """h'(x_in) of a pointwise layer made of straight pieces, such as ReLU.

    Equation:  x_out = h'(x_in)
               g_in = 0                                (h'' = 0 but at the kinks, where it has no value)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    chapter 14.6.5: what gates the gradient is an activation of the forward pass

    >>> gate = Slope(ReLU())
    >>> gate.forward([5.0, -3.0])
    array([1., 0.])
    >>> gate.backward([10.0, 10.0])[0]
    array([0., 0.])
    """

    def __init__(self, layer: Layer) -> None:
        self.layer = layer.tied()

    def forward(self, x_in: Any) -> Array:
        x_out = self.layer.forward(self.receive(x_in))
        return self.send(self.layer.backward(np.ones_like(x_out))[0])

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return np.zeros_like(self.receive_gradient(g_out)), {}

    def __repr__(self) -> str:
        return f"Slope({label(self.layer)})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Slope, Array]:
        """That of a ReLU, and an input away from its kink."""
        layer, x_in = ReLU.example(rng)
        return cls(layer), x_in
