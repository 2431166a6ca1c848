"""The same training step in PyTorch, eager: Module, cross_entropy, backward, SGD."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.circuit_steps import torch_circuit
from tests.benchmarks.works import LR, Work


def torch_eager(work: Work, dtype: str, threads: int) -> Callable[[], object] | None:
    """A step of torch, or None where torch is not installed or the workload is not made of modules."""
    try:
        import torch
    except ImportError:
        return None
    if work.kind == "circuit":
        return torch_circuit(work, dtype, threads)
    torch.set_num_threads(threads)
    x, y = work.data(dtype)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = _model(torch, work, dtype).to(getattr(torch, dtype))
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), LR)

    def step() -> object:
        optimizer.zero_grad()
        J = loss(model(x), y)
        J.backward()
        optimizer.step()
        return J

    return step


def _model(torch: object, work: Work, dtype: str) -> object:
    nn = torch.nn

    def filled(layer, W, b):
        layer.weight.data, layer.bias.data = torch.from_numpy(W), torch.from_numpy(b)
        return layer

    linear = [filled(nn.Linear(W.shape[1], W.shape[0]), W, b) for W, b in work.weights(dtype)]
    if work.kind == "conv":
        conv1, conv2 = (filled(nn.Conv2d(W.shape[1], W.shape[0], 3), W, b) for W, b in work.filters(dtype))
        pairs = (conv1, nn.ReLU(), nn.MaxPool2d(2), conv2, nn.ReLU(), nn.MaxPool2d(2))
        return nn.Sequential(*pairs, nn.Flatten(), *linear)
    if work.kind == "residual":

        class Block(nn.Module):
            def __init__(self, body):
                super().__init__()
                self.body = body

            def forward(self, x):
                return self.body(x) + x

        bodies = [nn.Sequential(linear[2 * i], nn.ReLU(), linear[2 * i + 1]) for i in range(work.blocks)]
        return nn.Sequential(*(Block(body) for body in bodies), linear[-1])
    chain = [layer for each in linear for layer in (each, nn.ReLU())]
    return nn.Sequential(*chain) if len(set(work.widths)) == 1 else nn.Sequential(*chain[:-1])
