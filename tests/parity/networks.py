"""Whole networks, built in both: LeNet-5 and a small residual network."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from graph import Parallel, Residual, Sequential
from layers import (
    Add,
    AvgPool2d,
    BatchNorm,
    Branch,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    ReLU,
    Tanh,
)


def lenet(rng: np.random.Generator) -> Layer:
    """LeNet-5: images (N, 1, 28, 28) to ten scores."""
    return Sequential(
        Conv2d(1, 6, 5, padding=2, rng=rng),
        Tanh(),
        AvgPool2d(2),
        Conv2d(6, 16, 5, rng=rng),
        Tanh(),
        AvgPool2d(2),
        Flatten(),
        Linear(400, 120, rng=rng),
        Tanh(),
        Linear(120, 84, rng=rng),
        Tanh(),
        Linear(84, 10, rng=rng),
    )


def torch_lenet() -> nn.Module:
    """The same in torch."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, 10),
    )


def resnet(rng: np.random.Generator) -> Layer:
    """Images (N, 3, 16, 16) to ten scores by a block that keeps the shape and one that halves the image."""

    def conv(n_in: int, n_out: int, kernel: int = 3, stride: int = 1) -> list[Layer]:
        return [
            Conv2d(n_in, n_out, kernel, stride=stride, padding=kernel // 2, bias=False, rng=rng),
            BatchNorm(n_out),
        ]

    keep = Sequential(*conv(8, 8), ReLU(), *conv(8, 8))
    halve = Sequential(*conv(8, 16, stride=2), ReLU(), *conv(16, 16))
    shortcut = Sequential(*conv(8, 16, kernel=1, stride=2))
    return Sequential(
        *conv(3, 8),
        ReLU(),
        Residual(keep),
        ReLU(),
        Sequential(Branch(2), Parallel(halve, shortcut), Add()),
        ReLU(),
        GlobalAvgPool2d(),
        Linear(16, 10, rng=rng),
    )


class Block(nn.Module):
    """torch's residual block: body and shortcut, added."""

    def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + self.shortcut(x)


def torch_resnet() -> nn.Module:
    """The same in torch."""

    def conv(n_in: int, n_out: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
        return [nn.Conv2d(n_in, n_out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(n_out)]

    keep = nn.Sequential(*conv(8, 8), nn.ReLU(), *conv(8, 8))
    halve = nn.Sequential(*conv(8, 16, stride=2), nn.ReLU(), *conv(16, 16))
    return nn.Sequential(
        *conv(3, 8),
        nn.ReLU(),
        Block(keep, nn.Identity()),
        nn.ReLU(),
        Block(halve, nn.Sequential(*conv(8, 16, kernel=1, stride=2))),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )
