"""Peak memory of one deep training run, in a process of its own: 100 x (Linear 256 + ReLU), batch 4096, float32."""

from __future__ import annotations

import resource

import numpy as np


def main(library: str) -> None:
    """Print how many MB the peak of the process rises by while it trains for three steps."""
    x = np.random.default_rng(0).normal(size=(4096, 256)).astype("float32")
    if library == "torch":
        import torch

        torch.set_num_threads(1)
        torch.nn.Linear(2, 2)(torch.ones(1, 2)).sum().backward()
    before = _peak()
    step = _torch_step(x) if library == "torch" else _kit_step(x)
    for _ in range(3):
        step()
    print(_peak() - before)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _kit_step(x: np.ndarray) -> object:
    from tests.benchmarks.scaling import mlp, step_of

    return step_of(mlp([256] * 101), x, 256)


def _torch_step(x: np.ndarray) -> object:
    import torch
    from torch import nn

    model = nn.Sequential(*(layer for _ in range(100) for layer in (nn.Linear(256, 256), nn.ReLU())))
    optimizer, loss = torch.optim.SGD(model.parameters(), 1e-3), nn.CrossEntropyLoss()
    x, y = torch.from_numpy(x), torch.arange(len(x)) % 256

    def step() -> None:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
