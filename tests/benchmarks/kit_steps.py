"""A training step of this kit, for each workload."""

from __future__ import annotations

from collections.abc import Callable

from graph import Residual, Sequential
from layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from losses import SoftmaxCrossEntropy
from tests.benchmarks.circuit_steps import kit_circuit
from tests.benchmarks.works import LR, Work


def kit(work: Work, dtype: str) -> Callable[[], object]:
    """The step as a user writes it: forward, loss, backward to the parameters, update."""
    if work.kind == "circuit":
        return kit_circuit(work, dtype)
    x, y = work.data(dtype)
    model, loss = model_of(work, dtype), SoftmaxCrossEntropy()

    def step() -> object:
        J = loss.forward(model.forward(x), y)
        g, _ = loss.backward()
        _, param_grads = model.backward(g, to_data=False)
        model.update(param_grads, LR)
        return J

    return step


def model_of(work: Work, dtype: str) -> Layer:
    """The network of a workload, with the weights that every contender gets."""
    if work.kind == "conv":
        return _conv(work, dtype)
    linear = [Linear.from_arrays(W, b) for W, b in work.weights(dtype)]
    if work.kind == "residual":
        bodies = [Sequential(linear[2 * i], ReLU(), linear[2 * i + 1]) for i in range(work.blocks)]
        return Sequential(*(Residual(body) for body in bodies), linear[-1])
    chain: list[Layer] = [layer for W in linear for layer in (W, ReLU())]
    return Sequential(*chain) if len(set(work.widths)) == 1 else Sequential(*chain[:-1])


def _conv(work: Work, dtype: str) -> Layer:
    (W1, b1), (W2, b2) = work.filters(dtype)
    (W3, b3) = work.weights(dtype)[0]
    return Sequential(
        Conv2d.from_arrays(W1, b1),
        ReLU(),
        MaxPool2d(2),
        Conv2d.from_arrays(W2, b2),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear.from_arrays(W3, b3),
    )
