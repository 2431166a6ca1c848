"""Whole networks over sequences, built in both: an LSTM in both directions and a transformer block."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from graph import Recurrent, Sequential, TransformerBlock
from layers import Flatten, Layer, Linear, LSTMCell
from tests.parity.attention import renamed


def lstm(rng: np.random.Generator) -> Layer:
    """Sequences (N, 7, 5) to ten scores: two layers of cells that read in both directions, and all their states."""
    pairs = [tuple(LSTMCell(n_in, 4, rng=rng) for _ in range(2)) for n_in in (5, 8)]
    return Sequential(Recurrent(*pairs), Flatten(), Linear(7 * 8, 10, rng=rng))


class StatesAlone(nn.LSTM):
    """torch's LSTM without its last states, for a chain."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x)[0]


def torch_lstm() -> nn.Module:
    """The same in torch."""
    return nn.Sequential(
        StatesAlone(5, 4, num_layers=2, bidirectional=True, batch_first=True), nn.Flatten(), nn.Linear(7 * 8, 10)
    )


def transformer(rng: np.random.Generator) -> Layer:
    """Sequences (N, 6, 8) to ten scores."""
    return Sequential(TransformerBlock(8, 2, 16, rng=rng), Flatten(), Linear(6 * 8, 10, rng=rng))


def torch_transformer() -> nn.Module:
    """The same in torch."""
    block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True, norm_first=True)
    return nn.Sequential(block, nn.Flatten(), nn.Linear(6 * 8, 10))


def by_order(model: Layer, theirs: nn.Module) -> dict[str, Any]:
    """torch's parameters as arrays under our names, where both list them in one order."""
    arrays = (tensor.detach().numpy() for tensor in theirs.parameters())
    return dict(zip(model.params, arrays, strict=True))


def by_name(model: Layer, theirs: nn.Module) -> dict[str, Any]:
    """The same where torch stacks what we keep apart: views of the stacks."""
    return dict(renamed({name: tensor.detach().numpy() for name, tensor in theirs.named_parameters()}))
