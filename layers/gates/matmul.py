"""The matrix product gate: both factors are inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.gates.broadcast import sum_to
from layers.rng import Seed, generator


class MatMul(Layer):
    """Matrix product of two inputs: matrix and vector, two matrices, or batches of them.

    Equation:  x_out = A B                             (x_in = (A, B))
               g_in^A = g_out B^T, g_in^B = A^T g_out
    Shapes:    A (..., m, k), B (..., k, n), x_out (..., m, n); a vector (k,) stands for a row A or a column B, and
               that axis is missing from x_out; one of A, B without leading axes meets every datapoint of the other,
               and its gradient is their sum
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes, "gradients for vectorized operations"; slides, the 2x3 by 3x4 product

    >>> gate = MatMul()
    >>> gate.forward(([[1.0, 2.0]], [[3.0], [4.0]]))   # 1*3 + 2*4
    array([[11.]])
    >>> g_A, g_B = gate.backward([[10.0]])[0]
    >>> g_A                                            # 10 * (3, 4)
    array([[30., 40.]])
    >>> g_B                                            # 10 * (1, 2), standing
    array([[10.],
           [20.]])
    """

    def forward(self, x_in: Any) -> Array:
        A, B = self.receive_many(x_in, 2)
        inner = A.shape[-1:] == B.shape[-2:][:1] != ()
        leading = {x.shape[:-2] for x in (A, B)} - {()}
        if not inner or len(leading) > 1:
            raise ShapeError(
                f"x_in must be (..., m, k) and (..., k, n), or a vector (k,), got {A.shape} and {B.shape}", repr(self)
            )
        return self.send(self.forward_unchecked((A, B)))

    def forward_unchecked(self, x_in: tuple[Array, Array]) -> Array:
        self.A, self.B = x_in
        return self.A @ self.B

    def backward(self, g_out: Any) -> tuple[tuple[Array, Array], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, Array], Gradients]:
        A = self.A if self.A.ndim > 1 else self.A[None, :]  # a vector as the matrix it stands for
        B = self.B if self.B.ndim > 1 else self.B[:, None]
        g_out = g_out.reshape(*(A.shape[:-2] or B.shape[:-2]), A.shape[-2], B.shape[-1])
        g_A, g_B = g_out @ np.swapaxes(B, -1, -2), np.swapaxes(A, -1, -2) @ g_out
        return (sum_to(g_A, A.shape).reshape(self.A.shape), sum_to(g_B, B.shape).reshape(self.B.shape)), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[MatMul, tuple[Array, ...]]:
        """The gate, a batch of matrices and one matrix for all of them."""
        rng = generator(rng)
        return cls(), (rng.normal(size=(5, 2, 3)), rng.normal(size=(3, 4)))
