"""The cosine embedding loss: vectors that belong together should point the same way, others should not."""

from __future__ import annotations

import numpy as np

from layers.arguments import number
from layers.base import Array
from layers.errors import ShapeError
from layers.rng import Seed, generator
from losses.pairs import PairLoss
from losses.verdicts import checked_verdicts

TINY = 1e-12  # added to both squared lengths, so that a vector of zeros has an angle


class CosineEmbeddingLoss(PairLoss):
    """One minus the cosine of two vectors if y = 1, the part of the cosine above the margin if y = -1.

    Equation:  cos = a.b / (|a| |b|),  J_i = 1 - cos if y_i = 1, max(0, cos - margin) if y_i = -1
               g_in of a = s (b / (|a| |b|) - cos a / |a|^2) g_out/N, with s = dJ_i/dcos, -1, 1 or 0; of b likewise
    Shapes:    y_hat = (a, b) of (N, n) with y (N,); or of (n,) with y (), one datapoint
    Raises:    ShapeError if the shapes do not fit; ValueError if y is not 1 or -1
    Source:    the cosine as a measure of likeness, as in torch; the 1/N is equation 14.11

    >>> loss = CosineEmbeddingLoss()
    >>> a, b = np.array([1.0, 0.0]), np.array([3.0, 4.0])
    >>> print(f"{loss.forward((a, b), 1):.4f}")        # 1 - 3/5
    0.4000
    >>> np.round(loss.backward()[0][0], 4)             # -(b/5 - 3/5 a)
    array([-0. , -0.8])
    """

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = number("CosineEmbeddingLoss", "margin", margin)
        if not -1 <= self.margin <= 1:
            raise ValueError(f"CosineEmbeddingLoss: margin must be a cosine, -1 to 1, got {margin}")

    def verdict_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(shape) not in (1, 2):
            raise ShapeError(f"y_hat must be two arrays (n,) or (N, n), got {shape}", repr(self))
        return shape[:-1]

    def values(self, y_hat: Array, y: Array) -> Array:
        y = checked_verdicts(self, y)
        squares = (y_hat**2).sum(axis=1, keepdims=True) + TINY  # |a|^2 and |b|^2, (N, 1, 2)
        lengths = np.sqrt(squares.prod(axis=-1, keepdims=True))  # |a| |b|
        cos = y_hat.prod(axis=-1, keepdims=True).sum(axis=1, keepdims=True) / lengths
        slope = np.where(y == 1, -1, cos[:, 0, 0] > self.margin).astype(y_hat.dtype)
        self.slope = slope[:, None, None] * (y_hat[..., ::-1] / lengths - cos * y_hat / squares)
        return np.where(y == 1, 1 - cos[:, 0, 0], np.maximum(cos[:, 0, 0] - self.margin, 0))

    def gradient(self) -> Array:
        return self.slope

    def conventions(self) -> str:
        return f"margin={self.margin:g}"

    @classmethod
    def example(cls, rng: Seed) -> tuple[CosineEmbeddingLoss, tuple[tuple[Array, Array], Array]]:
        """A loss, and pairs of vectors with their verdicts."""
        rng = generator(rng)
        y_hat = (rng.normal(size=(4, 3)), rng.normal(size=(4, 3)))
        return cls(-0.9), (y_hat, np.array([1.0, -1.0, 1.0, -1.0]))
