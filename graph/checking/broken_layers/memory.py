"""Broken memory: arrays of others, buffers that are used again, and a dtype that grows."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.checking.broken_layers.pointwise import Pointwise
from layers.base import Array, Gradients


class InPlace(Pointwise):
    """A ReLU that saves memory.

    The mistake: it writes into g_out, which belongs to the layer above.
    """

    def forward(self, x_in: Any) -> Array:
        self.x_in = x_in
        return np.maximum(x_in, 0)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out[self.x_in <= 0] = 0
        return g_out, {}


class Buffered(Pointwise):
    """A tanh that saves memory.

    The mistake: one buffer for all results, so an x_out that was returned is overwritten by the next pass.
    """

    buffer: Any = None

    def forward(self, x_in: Any) -> Array:
        if self.buffer is None or self.buffer.shape != x_in.shape or self.buffer.dtype != x_in.dtype:
            self.buffer = np.empty_like(x_in)
        return np.tanh(x_in, out=self.buffer)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * (1 - self.buffer**2), {}


class SharedMemory(Pointwise):
    """A tanh that remembers.

    The mistake: it remembers in the class, so the cache is overwritten when the layer is used a second time, tied.
    """

    remembered: dict = {}

    def forward(self, x_in: Any) -> Array:
        self.remembered["x_out"] = np.tanh(x_in)
        return self.remembered["x_out"].copy()

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * (1 - self.remembered["x_out"] ** 2), {}


class Upcast(Pointwise):
    """A ReLU with a mask.

    The mistake: np.ones makes float64, so float32 goes in and float64 comes out.
    """

    def forward(self, x_in: Any) -> Array:
        self.mask = np.ones(x_in.shape) * (x_in > 0)
        return x_in * self.mask

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        return g_out * self.mask, {}
