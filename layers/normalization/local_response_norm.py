"""Local response normalization: AlexNet's; each channel is damped by the activity of its neighbours."""

from __future__ import annotations

from typing import Any

from layers.arguments import number, whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.rng import Seed, generator


class LocalResponseNorm(Layer):
    """Each value divided by a power of the mean square of the channels next to it, at the same place.

    Equation:  x_out_c = x_in_c d_c^-beta, d_c = k + alpha / size * sum_j x_in_j^2    (the `size` channels j around c)
               g_in_c = g_out_c d_c^-beta - 2 alpha beta / size * x_in_c * sum_j g_out_j x_in_j d_j^(-beta - 1)
    Shapes:    x_in, x_out (..., C, H, W)
    Raises:    ShapeError if x_in has fewer than three axes
    Source:    Krizhevsky, Sutskever and Hinton 2012, section 3.3

    alpha is divided by size here (as in torch), in the paper it is not: the paper's k=2, n=5, alpha=1e-4, beta=0.75
    is LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0). The first term of g_in comes by x_in_c itself,
    the second by the d_j of every channel j that sees it.

    >>> layer = LocalResponseNorm(1, alpha=1.0, beta=1.0, k=1.0)       # x / (1 + x^2)
    >>> layer.forward([[[2.0, 0.0]]])
    array([[[0.4, 0. ]]])
    >>> layer.backward([[[25.0, 1.0]]])[0]             # 25 (1/5 - 2*2*2/25), 1 * 1
    array([[[-3.,  1.]]])
    """

    def __init__(self, size: int, *, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        kind = "LocalResponseNorm"
        self.size = whole(kind, "size", size, least=1)
        self.alpha, self.beta = number(kind, "alpha", alpha, least=0.0), number(kind, "beta", beta)
        self.k = number(kind, "k", k, above=0.0)

    def forward(self, x_in: Any) -> Array:
        x_in = self.receive(x_in)
        if x_in.ndim < 3:
            raise ShapeError(f"x_in must be (..., C, H, W), got {x_in.shape}", repr(self))
        self.x_in = x_in
        before = self.size // 2
        self.d = self.k + self.alpha / self.size * _sum_around(x_in * x_in, before, self.size - 1 - before)
        self.damping = self.d**-self.beta
        return self.send(x_in * self.damping)

    def backward(self, g_out: Any) -> tuple[Array, Gradients]:
        g_out = self.receive_gradient(g_out)
        before = self.size // 2
        # c sees the channels from c - before on; on the way back it hears from those that see it: the mirror image
        heard = _sum_around(g_out * self.x_in * self.damping / self.d, self.size - 1 - before, before)
        return g_out * self.damping - (2 * self.alpha * self.beta / self.size) * self.x_in * heard, {}

    def __repr__(self) -> str:
        return f"LocalResponseNorm({self.size}, alpha={self.alpha:g}, beta={self.beta:g}, k={self.k:g})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[LocalResponseNorm, Array]:
        """A small layer with an effect that can be seen, and an input."""
        return cls(4, alpha=1.0, k=2.0), generator(rng).normal(size=(2, 5, 2, 2))


def _sum_around(x: Array, before: int, after: int) -> Array:
    """For each channel c the sum over channels c - before, ..., c + after.

    >>> import numpy as np
    >>> _sum_around(np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1), 1, 0).ravel()
    array([  1.,  11., 110.])
    """
    total = x.copy()
    n = x.shape[-3]
    for shift in range(1, min(before, n - 1) + 1):
        total[..., shift:, :, :] += x[..., :-shift, :, :]
    for shift in range(1, min(after, n - 1) + 1):
        total[..., :-shift, :, :] += x[..., shift:, :, :]
    return total
