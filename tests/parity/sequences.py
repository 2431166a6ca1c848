"""Answers for what runs over sequences: the recurrent cells and nets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import layers as L
from graph import Recurrent
from layers import Layer
from tests.parity.answers import Answer

NAMES = {"x_W": "weight_ih", "h_W": "weight_hh", "x_b": "bias_ih", "h_b": "bias_hh"}


def options(m: Any) -> dict[str, Any]:
    """What torch's cells and nets call as we do, or nearly."""
    return {"bias": m.bias, **({"activation": m.nonlinearity} if hasattr(m, "nonlinearity") else {})}


@dataclass(frozen=True)
class CellAnswer(Answer):
    """torch takes the LSTM's two states as a tuple inside of the tuple."""

    def outputs(self, out: Any) -> list[Any]:
        return list(out) if isinstance(out, tuple) else [out]

    def inward(self, inputs: tuple, module: Any) -> list[Any]:
        x, states = inputs
        return [x, *states] if isinstance(states, tuple) else [x, states]


def cell(kind: type[Layer]) -> Answer:
    """A cell of the same sizes."""
    return CellAnswer(lambda m: kind(m.input_size, m.hidden_size, **options(m)), NAMES)


@dataclass(frozen=True)
class NetAnswer(Answer):
    """A net of cells. torch stacks the states of all layers and directions in one array, and puts time first."""

    def outputs(self, out: Any) -> list[Any]:
        x_out, states = out
        return [x_out, *states] if isinstance(states, tuple) else [x_out, states]

    def inward(self, inputs: tuple, module: Any) -> list[Any]:
        x, *states = inputs
        if states and isinstance(states[0], tuple):
            states = states[0]
        return [time_inside(x, module), *unstacked(states)]

    def left_out(self, x_in: list[Any], module: Any) -> list[Any]:
        kinds = 2 if module.mode == "LSTM" else 1
        zeros = np.zeros((*x_in[0].shape[:-2], module.hidden_size))
        return [] if len(x_in) > 1 else places(module) * kinds * [zeros]

    def outward(self, outs: list[np.ndarray], module: Any) -> list[np.ndarray]:
        x_out, *states = outs
        return [time_inside(x_out, module), *unstacked(states)]

    def params(self, theirs: Mapping[str, np.ndarray], module: Any) -> dict[str, np.ndarray]:
        return dict(zip(self.build(module).params, theirs.values(), strict=True))  # both in the order of layers


def places(m: Any) -> int:
    """How many cells there are."""
    return m.num_layers * (2 if m.bidirectional else 1)


def unstacked(states: Any) -> list[np.ndarray]:
    """h of the first cell, then its c, h of the second..."""
    return [part for parts in zip(*states, strict=True) for part in parts]


def time_inside(x: np.ndarray, m: Any) -> np.ndarray:
    """(T, N, n) as (N, T, n); a single sequence is (T, n) for both."""
    return x if m.batch_first or x.ndim == 2 else x.swapaxes(0, 1)


def net(kind: type[Layer]) -> Answer:
    """A Recurrent of the same cells."""

    def build(m: Any) -> Layer:
        cells = []
        for number in range(m.num_layers):
            n_in = m.input_size if number == 0 else m.hidden_size * (2 if m.bidirectional else 1)
            there, back = (kind(n_in, m.hidden_size, **options(m)) for _ in range(2))
            cells.append((there, back) if m.bidirectional else there)
        return Recurrent(*cells, states=True)

    def outside(m: Any, inputs: tuple) -> str:
        return "proj_size: an LSTM whose h is narrower than its c" if getattr(m, "proj_size", 0) else ""

    return NetAnswer(build, outside=outside)


CELLS = {"nn.RNNCell": cell(L.RNNCell), "nn.GRUCell": cell(L.GRUCell), "nn.LSTMCell": cell(L.LSTMCell)}
NETS = {"nn.RNN": net(L.RNNCell), "nn.GRU": net(L.GRUCell), "nn.LSTM": net(L.LSTMCell)}
