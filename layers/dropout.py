"""Dropout: in training each value is dropped with probability p, so that no neuron can count on another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from layers.arguments import number
from layers.base import Array, Gradients, Layer
from layers.errors import ParameterNameError
from layers.rng import Seed, generator, set_state, state_of


class Dropout(Layer):
    """Random zeros in training; the identity in evaluation.

    Equation:  x_out = x_in * mask, mask = 1 / (1 - p) with probability 1 - p, else 0
               g_in = g_out * mask                     (the mask of the last forward)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Srivastava et al. 2014; scaled in training, so that x_out is x_in on average

    The generator is the layer's state(): once load_state has put it back, the next forward draws the same mask again,
    so that finite differences can compare values of one and the same function. tied() shares the generator, and each
    of the two draws masks of its own.

    >>> layer = Dropout(0.5, rng=0)
    >>> layer.forward([1.0, 2.0, 3.0, 4.0])
    array([2., 4., 6., 0.])
    >>> layer.backward([1.0, 1.0, 1.0, 1.0])[0]
    array([2., 2., 2., 0.])
    >>> layer.eval().forward([1.0, 2.0, 3.0, 4.0])
    array([1., 2., 3., 4.])
    """

    def __init__(self, p: float, rng: Seed = None) -> None:
        self.p = number("Dropout", "p", p, least=0.0)
        if self.p >= 1.0:
            raise ValueError(f"Dropout: p must be less than 1 (1 would drop everything), got {p}")
        self.rng = generator(rng)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        self.mask = None
        if self.training and self.p > 0.0:
            # drawn as float32 for any x_in: twice as fast, and the same mask for all dtypes
            kept = self.rng.random(x_in.shape, np.float32) >= self.p
            self.mask = kept * x_in.dtype.type(1.0 / (1.0 - self.p))
        return self.send(x_in if self.mask is None else x_in * self.mask)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        return g_out if self.mask is None else g_out * self.mask, {}

    def state(self) -> dict[str, Array]:
        return {"rng": state_of(self.rng)}

    def load_state(self, state: Mapping[str, Array]) -> None:
        if set(state) - {"rng"}:
            raise ParameterNameError(f"state must be rng alone, got {sorted(state)}", repr(self))
        if state:
            set_state(self.rng, state["rng"])

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Dropout, Array]:
        """A layer with a generator of its own, and an input."""
        rng = generator(rng)
        return cls(0.4, rng=int(rng.integers(2**31))), rng.normal(size=(5, 4))
