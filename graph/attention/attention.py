"""Attention: each query gets a mean of the values, weighted by how well it goes with their keys."""

from __future__ import annotations

from typing import Any

from graph.dag import Graph
from layers import Mask, MatMul, Scale, Softmax, Transpose


class Attention(Graph):
    """Scaled dot-product attention, gate by gate.

    Equation:  scores = q k^T / sqrt(d),  weights = softmax(scores) over the keys,  x_out = weights v
               g_v = weights^T g_out,  g_weights = g_out v^T,  through the softmax and the scale to g_s,
               g_q = g_s k,  g_k = g_s^T q
    Shapes:    q (..., T_q, d), k (..., T_k, d), v (..., T_k, d_v), x_out (..., T_q, d_v)
               padding=True: a fourth input keep (N, T_k) of booleans, False where a key is padding
    Raises:    the gates' own errors, with the place in front
    Source:    Vaswani et al. 2017, "Attention is all you need", 3.2.1; d is the length of a key: the division keeps
               scores of random q and k at variance 1, where the softmax still has a slope

    `mask` is the pattern of `Mask`: "causal", or an array (T_q, T_k), True where a query may look; Mask says what
    becomes of a query that may look nowhere. After a pass `attention.wires["weights"].value` shows who looked where.

    >>> import numpy as np
    >>> attention = Attention(1)
    >>> q, k, v = [[1.0]], [[0.0], [np.log(3.0)]], [[4.0], [8.0]]
    >>> attention.forward(q, k, v)                     # weights 1/4 and 3/4: 1 + 6
    array([[7.]])
    >>> g_q, g_k, g_v = attention.backward([[16.0]])[0]
    >>> g_v                                            # 16/4, 16*3/4
    array([[ 4.],
           [12.]])
    >>> g_k                                            # g_weights (64, 128), mean 112: 1/4 * -48, 3/4 * 16
    array([[-12.],
           [ 12.]])
    """

    def __init__(self, d: int, *, mask: Any = None, padding: bool = False) -> None:
        if d < 1:
            raise ValueError(f"Attention: d must be 1 or more, got {d}")
        super().__init__()
        q, k, v = self.input("q"), self.input("k"), self.input("v")
        scores = self.add(MatMul(), q, self.add(Transpose(), k, name="k^T"), name="q k^T")
        scores = self.add(Scale(d**-0.5), scores, name="scores")
        if padding:
            scores = self.add(Mask(mask), scores, self.input("keep"), name="mask")
        elif mask is not None:
            scores = self.add(Mask(mask), scores, name="mask")
        weights = self.add(Softmax(), scores, name="weights")
        self.output(self.add(MatMul(), weights, v, name="means"))
