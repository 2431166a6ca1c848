"""Multi-head attention: several attentions side by side, each in a small space of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.attention.attention import Attention
from graph.dag import Graph
from graph.sequential import Sequential
from layers import Linear, Reshape, Transpose
from layers.errors import ShapeError
from layers.rng import Seed, generator
from layers.wires import described


class MultiHeadAttention(Graph):
    """Attention of n_heads heads of width d / n_heads, between linear maps of queries, keys, values and the result.

    Equation:  q = query W_q^T + b_q, k = key W_k^T + b_k, v = value W_v^T + b_v, each cut into heads
               x_out = (heads of Attention(q, k, v), side by side) W_out^T + b_out
    Shapes:    query (N, T_q, d), key (N, T_k, d_key), value (N, T_k, d_value), x_out (N, T_q, d), W (d, d...)
               padding=True: a fourth input keep (N, T_k) of booleans, False where a key is padding
    Raises:    ShapeError if an input is not a batch of sequences; the layers' own errors, with the place in front
    Source:    Vaswani et al. 2017, "Attention is all you need", 3.2.2

    A sequence attends to itself where one wire is given three times: g.add(attention, x, x, x).
    The W are drawn from a normal distribution with variance 1 / (length of a row); the b are zero.

    >>> attention = MultiHeadAttention(1, 1, rng=0)
    >>> for name in ("q", "k", "v", "out"):
    ...     attention.params[f"{name}.W"][...] = 2.0
    >>> x = [[[1.0], [1.0]]]
    >>> attention.forward(x, x, x)                     # equal keys, equal weights: 2 * (2 + 2) / 2
    array([[[4.],
            [4.]]])
    >>> attention.backward([[[8.0], [0.0]]])[1]["out.W"]        # 8 * the mean of the values, 2
    array([[16.]])
    """

    def __init__(
        self,
        d: int,
        n_heads: int,
        *,
        d_key: int | None = None,
        d_value: int | None = None,
        mask: Any = None,
        padding: bool = False,
        bias: bool = True,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        if n_heads < 1 or d < 1 or d % n_heads:
            raise ValueError(f"MultiHeadAttention: d must be a multiple of n_heads, got d={d} and n_heads={n_heads}")
        super().__init__()
        rng, d_head = generator(rng), d // n_heads
        wires = []
        for name, short, n_in in (("query", "q", d), ("key", "k", d_key or d), ("value", "v", d_value or d)):
            wire = self.add(linear(n_in, d, bias, rng, dtype), self.input(name), name=short)
            cut = Sequential(Reshape((-1, n_heads, d_head)), Transpose((1, 0, 2)))  # (N, n_heads, T, d_head)
            wires.append(self.add(cut, wire, name=f"{short} heads"))
        if padding:
            wires.append(self.input("keep"))
        heads = self.add(Attention(d_head, mask=mask, padding=padding), *wires, name="attention")
        joined = self.add(Sequential(Transpose((1, 0, 2)), Reshape((-1, d))), heads, name="side by side")
        self.output(self.add(linear(d, d, bias, rng, dtype), joined, name="out"))

    def _in_order(self, x_in: Any, named: Any) -> tuple[Any, ...]:
        x_in = super()._in_order(x_in, named)
        for wire, x in zip(self.inputs, x_in, strict=True):
            if wire.name != "keep" and np.ndim(x) != 3:
                raise ShapeError(
                    f"{wire.name} must be a batch of sequences (N, T, d), got {described(x)}", type(self).__name__
                )
        return x_in


def linear(n_in: int, n_out: int, bias: bool, rng: np.random.Generator, dtype: Any) -> Linear:
    """A linear layer that keeps the variance of its input.

    >>> linear(4, 2, True, np.random.default_rng(0), np.float32)
    Linear(4 -> 2)
    """
    W = rng.normal(0.0, n_in**-0.5, (n_out, n_in)).astype(dtype)
    return Linear.from_arrays(W, np.zeros(n_out, dtype) if bias else None)
