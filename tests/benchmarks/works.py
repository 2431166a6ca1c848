"""The workloads W1 to W8: what is trained, at what size. Every contender builds the same networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Work:
    """One workload: a whole training step is forward, softmax cross-entropy, backward to the parameters, update."""

    name: str
    title: str
    kind: str  # "mlp", "residual", "conv" or "circuit"
    widths: tuple[int, ...]
    batch: int
    blocks: int = 0

    def data(self, dtype: str) -> tuple[np.ndarray, np.ndarray]:
        """Inputs (N, n_in), or (N, 1, 28, 28) for "conv", and integer labels (N,)."""
        rng = np.random.default_rng(0)
        shape = (self.batch, 1, 28, 28) if self.kind == "conv" else (self.batch, self.widths[0])
        return rng.normal(size=shape).astype(dtype), rng.integers(0, self.widths[-1], self.batch)

    def weights(self, dtype: str) -> list[tuple[np.ndarray, np.ndarray]]:
        """(W, b) of each linear layer in order, the same for every contender."""
        rng = np.random.default_rng(1)
        pairs = zip(self.widths, self.widths[1:], strict=False)
        scale = 0.5 if self.kind == "residual" else 1.0
        return [((scale * rng.normal(0, np.sqrt(2 / n), (m, n))).astype(dtype), np.zeros(m, dtype)) for n, m in pairs]

    def filters(self, dtype: str) -> list[tuple[np.ndarray, np.ndarray]]:
        """(W, b) of the two convolutions of "conv"; no contender's time depends on their numbers."""
        rng = np.random.default_rng(1)
        shapes = ((16, 1, 3, 3), (32, 16, 3, 3))
        return [((0.2 * rng.normal(size=shape)).astype(dtype), np.zeros(shape[0], dtype)) for shape in shapes]


LR = 1e-3
WORKS = [
    Work("W1", "MLP 2-16-16-1, batch 32", "mlp", (2, 16, 16, 1), 32),
    Work("W2", "MLP 64-128-64-10, batch 64", "mlp", (64, 128, 64, 10), 64),
    Work("W3", "MLP 784-512-512-10, batch 128", "mlp", (784, 512, 512, 10), 128),
    Work("W4", "MLP 3072-2048-2048-10, batch 256", "mlp", (3072, 2048, 2048, 10), 256),
    Work("W5", "100 x (Linear 64 + ReLU), batch 32", "mlp", (64,) * 101, 32),
    Work("W6", "8 residual blocks of width 128, batch 64", "residual", (128,) * 17 + (10,), 64, blocks=8),
    Work("W7", "conv 16 - pool - conv 32 - pool - linear, 28x28x1, batch 64", "conv", (32 * 25, 10), 64),
    Work("W8", "scalar circuit: MLP 2-16-16-1 gate by gate, batch 32", "circuit", (2, 16, 16, 1), 32),
]
