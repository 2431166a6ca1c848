"""The mask gate: scores that must not count become so low that a softmax after it gives them no share."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import DtypeError, ShapeError
from layers.rng import Seed, generator

BLOCKED = -1e30  # e^(BLOCKED - any other score) is 0, also in float32; and unlike -inf it never gives nan


class Mask(Layer):
    """Lets scores through where a query may look at a key, and blocks the others.

    Equation:  x_out = x_in where allowed, -1e30 elsewhere
               g_in = g_out where allowed, 0 elsewhere
    Shapes:    scores (..., T_q, T_k), T_q queries and T_k keys; x_in = scores, or (scores, keep) with keep (N, T_k) of
               booleans for a batch of scores (N, ..., T_q, T_k), (T_k,) for one datapoint, False at padding: keep has
               no gradient. x_out like scores
    Raises:    ShapeError if pattern or keep do not fit the scores; DtypeError if keep is not of booleans
    Source:    Vaswani et al. 2017, "Attention is all you need", 3.2.3

    `pattern` is "causal" (query i may look at keys 0 to i), or an array (T_q, T_k), True where a query may look.
    A query that may look nowhere has scores that are all the same: a softmax shares equally among all keys, blocked or
    not, nothing becomes nan, and no gradient goes to its scores. Leave what comes of it out of the cost.

    >>> gate = Mask("causal")
    >>> gate.forward([[1.0, 2.0], [3.0, 4.0]])
    array([[ 1.e+00, -1.e+30],
           [ 3.e+00,  4.e+00]])
    >>> gate.backward([[5.0, 6.0], [7.0, 8.0]])[0]
    array([[5., 0.],
           [7., 8.]])
    """

    def __init__(self, pattern: Any = None) -> None:
        if pattern is not None and not (isinstance(pattern, str) and pattern == "causal"):
            pattern = np.array(pattern)
            if pattern.dtype != bool or pattern.ndim != 2:
                raise ValueError(
                    'Mask: pattern must be "causal" or an array (T_q, T_k) of booleans, True where a query may look'
                )
        self.pattern = pattern

    def forward(self, x_in: Any) -> Array:
        scores, keep = x_in if type(x_in) is tuple and len(x_in) == 2 else (x_in, None)
        scores = self.receive(scores)
        if scores.ndim < 2:
            raise ShapeError(f"x_in must be scores (..., T_q, T_k), got {scores.shape}", repr(self))
        self.has_keep = keep is not None
        self.blocked = ~np.broadcast_to(self._looks(scores.shape) & self._keeps(keep, scores.shape), scores.shape)
        return self.send(np.where(self.blocked, scores.dtype.type(BLOCKED), scores))

    def backward(self, g_out: Any) -> tuple[Any, Gradients]:
        g_out = self.receive_gradient(g_out)
        g_in = np.where(self.blocked, g_out.dtype.type(0), g_out)
        return (g_in, None) if self.has_keep else g_in, {}

    def _looks(self, shape: tuple[int, ...]) -> Any:
        """Where a query may look by the pattern."""
        if self.pattern is None:
            return True
        if isinstance(self.pattern, str):
            return np.tri(*shape[-2:], dtype=bool)
        if self.pattern.shape != shape[-2:]:
            raise ShapeError(
                f"x_in must be scores (..., {', '.join(map(str, self.pattern.shape))}), got {shape}", repr(self)
            )
        return self.pattern

    def _keeps(self, keep: Any, shape: tuple[int, ...]) -> Any:
        """Which keys are there, with axes of length 1 for heads and queries."""
        if keep is None:
            return True
        keep = np.asarray(keep)
        if keep.dtype != bool:
            raise DtypeError(f"keep must be of booleans, True for keys that are there, got {keep.dtype}", repr(self))
        wanted = (*shape[:1], shape[-1]) if keep.ndim > 1 else shape[-1:]
        if keep.shape != wanted:
            raise ShapeError(f"keep must be {(*shape[:1], shape[-1])} or {shape[-1:]}, got {keep.shape}", repr(self))
        return keep.reshape(*keep.shape[:-1], *[1] * (len(shape) - keep.ndim), shape[-1])

    def __repr__(self) -> str:
        if self.pattern is None:
            return "Mask()"
        return 'Mask("causal")' if isinstance(self.pattern, str) else f"Mask(pattern {self.pattern.shape})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Mask, tuple[Array, Array]]:
        """A causal mask, scores of two heads, and sequences one of which is shorter."""
        keep = np.ones((5, 3), bool)
        keep[1:, 2] = False
        return cls("causal"), (generator(rng).normal(size=(5, 2, 3, 3)), keep)
