"""What the blocks of a transformer share: something done to the sequence, a straight way round it, a normalization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from graph.attention.multi_head import MultiHeadAttention, linear
from graph.dag import Graph
from graph.sequential import Sequential
from graph.wiring.wire import Wire
from layers import Dropout, LayerNorm, ReLU
from layers.base import Layer
from layers.rng import Seed, generator


@dataclass
class Sizes:
    """What all parts of a block are made with."""

    d: int
    n_heads: int
    n_inner: int
    norm_first: bool
    bias: bool
    dropout: float
    rng: np.random.Generator
    dtype: Any


class Block(Graph):
    """A graph of residual steps: y = x + f(norm(x)), or with norm_first=False y = norm(x + f(x)).

    Equation:  norm_first: g_x = g_y + (the way back through f and norm): the straight way has slope 1
    Shapes:    x, y (N, T, d)
    Source:    Vaswani et al. 2017, 3.1; Xiong et al. 2020 for the normalization first
    """

    def __init__(
        self,
        d: int,
        n_heads: int,
        n_inner: int | None = None,
        *,
        norm_first: bool = True,
        activation: Layer | None = None,
        mask: Any = None,
        padding: bool = False,
        dropout: float = 0.0,
        bias: bool = True,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        super().__init__()
        self.sizes = Sizes(d, n_heads, n_inner or 4 * d, norm_first, bias, dropout, generator(rng), dtype)
        self.output(self._wire(self.input("x"), activation or ReLU(), mask, padding))

    def _wire(self, x: Wire, activation: Layer, mask: Any, padding: bool) -> Wire:
        """Place the steps; returns the wire of the result."""
        raise NotImplementedError(f"{type(self).__name__} has no _wire")

    def _step(self, x: Wire, number: int, run: Callable[[Wire], Wire]) -> Wire:
        """One residual step, with the normalization before or after."""
        norm = LayerNorm(self.sizes.d, bias=self.sizes.bias, dtype=self.sizes.dtype)
        if self.sizes.norm_first:
            return x + self._dropped(run(self.add(norm, x, name=f"norm{number}")), number)
        return self.add(norm, x + self._dropped(run(x), number), name=f"norm{number}")

    def _dropped(self, wire: Wire, number: int) -> Wire:
        s = self.sizes
        return self.add(Dropout(s.dropout, rng=s.rng), wire, name=f"dropout{number}") if s.dropout else wire

    def _attention(self, mask: Any, padding: bool) -> MultiHeadAttention:
        s = self.sizes
        options = {"bias": s.bias, "rng": s.rng, "dtype": s.dtype}
        return MultiHeadAttention(s.d, s.n_heads, mask=mask, padding=padding, **options)

    def _mlp(self, activation: Layer) -> Sequential:
        s = self.sizes
        into = linear(s.d, s.n_inner, s.bias, s.rng, s.dtype)
        return Sequential(into=into, activation=activation, out=linear(s.n_inner, s.d, s.bias, s.rng, s.dtype))
