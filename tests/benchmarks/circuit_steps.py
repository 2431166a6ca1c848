"""W8: an MLP as a circuit of multiply, add and ReLU gates, every weight a parameter of its own, every wire a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graph import Graph
from layers import Mean, ReLU
from tests.benchmarks.works import LR, Work


def network(work: Work, x: list, leaf: Callable, relu: Callable) -> Any:
    """The circuit by operators, on whatever x and leaf(name, value) give: wires, tensors, arrays."""
    h = x
    for number, (W, b) in enumerate(work.weights("float64")):
        sums = []
        for i in range(len(W)):
            s = leaf(f"b{number}_{i}", b[i])
            for j, wire in enumerate(h):
                s = s + leaf(f"W{number}_{i}_{j}", W[i, j]) * wire
            sums.append(s if number == len(work.widths) - 2 else relu(s))
        h = sums
    return h[0]


def kit_circuit(work: Work, dtype: str) -> Callable[[], object]:
    """A step on a Graph of about 1,000 gates."""
    x, y = work.data(dtype)
    g = Graph()
    wires, target = [g.input(f"x{i}") for i in range(x.shape[1])], g.input("y")
    f = network(work, wires, lambda name, value: g.parameter(name, value.astype(dtype)), lambda s: g.add(ReLU(), s))
    g.output(g.add(Mean(), (f - target) ** 2))
    columns, y = [np.ascontiguousarray(column) for column in x.T], y.astype(dtype)

    def step() -> object:
        J = g.forward(*columns, y)
        _, param_grads = g.backward(1.0, to_data=False)
        g.update(param_grads, LR)
        return J

    return step


def torch_circuit(work: Work, dtype: str, threads: int) -> Callable[[], object] | None:
    """The same with a tensor for each weight."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(threads)
    x, y = work.data(dtype)
    columns, y = [torch.from_numpy(column.copy()) for column in x.T], torch.from_numpy(y.astype(dtype))
    leaves: dict[str, Any] = {}

    def leaf(name: str, value: np.ndarray) -> Any:
        if name not in leaves:
            leaves[name] = torch.tensor(value, dtype=y.dtype, requires_grad=True)
        return leaves[name]

    network(work, columns, leaf, torch.relu)
    optimizer = torch.optim.SGD(leaves.values(), LR)

    def step() -> object:
        optimizer.zero_grad()
        J = ((network(work, columns, leaf, torch.relu) - y) ** 2).mean()
        J.backward()
        optimizer.step()
        return J

    return step


def script_circuit(work: Work, dtype: str) -> Callable[[], object]:
    """The same numpy calls, gate by gate, in two nested loops and nothing else."""
    x, y = work.data(dtype)
    columns, y, zeros = [np.ascontiguousarray(column) for column in x.T], y.astype(dtype), np.zeros(len(x), dtype)
    params = [([[np.array(w) for w in row] for row in W], [np.array(w) for w in b]) for W, b in work.weights(dtype)]
    last = len(params) - 1

    def step() -> object:
        h, kept = columns, []
        for number, (W, b) in enumerate(params):
            sums = []
            for row, s in zip(W, b, strict=True):
                for w, wire in zip(row, h, strict=True):
                    s = s + w * wire
                sums.append(s)
            kept.append((h, sums))
            h = sums if number == last else [np.maximum(s, zeros) for s in sums]
        error = h[0] - y
        J = (error**2).mean()
        gs, grads = [error * (2 / len(y))], []
        for number in range(last, -1, -1):
            W, b = params[number]
            h, sums = kept[number]
            if number < last:
                gs = [g * (s > zeros) for g, s in zip(gs, sums, strict=True)]
            grads += [(theta, g.sum()) for theta, g in zip(b, gs, strict=True)]
            grads += [
                (w, (g * wire).sum()) for row, g in zip(W, gs, strict=True) for w, wire in zip(row, h, strict=True)
            ]
            if number:
                back = [gs[0] * w for w in W[0]]
                for row, g in zip(W[1:], gs[1:], strict=True):
                    back = [total + g * w for total, w in zip(back, row, strict=True)]
                gs = back
        for theta, g in grads:
            theta -= LR * g
        return J

    return step
