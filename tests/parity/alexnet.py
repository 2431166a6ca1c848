"""`python -m tests.parity.alexnet`: AlexNet at its published sizes, forward and backward once, beside the paper."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

import numpy as np

from graph import Sequential
from layers import Conv2d, Dropout, Flatten, Layer, Linear, LocalResponseNorm, MaxPool2d, ReLU
from losses import SoftmaxCrossEntropy


@dataclass(frozen=True)
class Published:
    """Krizhevsky, Sutskever and Hinton 2012, section 3.5 and figure 2: kernels, shape of the output, neurons."""

    kernels: str
    shape: tuple[int, ...]
    neurons: int
    params: int  # by the kernels above, with one bias each


# The paper counts 253,440 neurons in the first layer, 55 x 48 x 96; its own figure shows 55 x 55 x 96.
PUBLISHED = {
    "conv1": Published("96 of 11x11x3", (96, 55, 55), 253_440, 96 * (11 * 11 * 3 + 1)),
    "conv2": Published("256 of 5x5x48", (256, 27, 27), 186_624, 256 * (5 * 5 * 48 + 1)),
    "conv3": Published("384 of 3x3x256", (384, 13, 13), 64_896, 384 * (3 * 3 * 256 + 1)),
    "conv4": Published("384 of 3x3x192", (384, 13, 13), 64_896, 384 * (3 * 3 * 192 + 1)),
    "conv5": Published("256 of 3x3x192", (256, 13, 13), 43_264, 256 * (3 * 3 * 192 + 1)),
    "fc6": Published("4096 of 6x6x256", (4096,), 4_096, 4096 * (6 * 6 * 256 + 1)),
    "fc7": Published("4096 of 4096", (4096,), 4_096, 4096 * 4097),
    "fc8": Published("1000 of 4096", (1000,), 1_000, 1000 * 4097),
}


def alexnet(rng: np.random.Generator, dtype: type = np.float32) -> Sequential:
    """AlexNet in the kit's layers: two groups where the paper had two GPUs."""

    def lrn() -> Layer:
        return LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)  # the paper's alpha, 1e-4, times 5

    return Sequential(
        conv1=Conv2d(3, 96, 11, stride=4, rng=rng, dtype=dtype),
        relu1=ReLU(),
        norm1=lrn(),
        pool1=MaxPool2d(3, stride=2),
        conv2=Conv2d(96, 256, 5, padding=2, groups=2, rng=rng, dtype=dtype),
        relu2=ReLU(),
        norm2=lrn(),
        pool2=MaxPool2d(3, stride=2),
        conv3=Conv2d(256, 384, 3, padding=1, rng=rng, dtype=dtype),
        relu3=ReLU(),
        conv4=Conv2d(384, 384, 3, padding=1, groups=2, rng=rng, dtype=dtype),
        relu4=ReLU(),
        conv5=Conv2d(384, 256, 3, padding=1, groups=2, rng=rng, dtype=dtype),
        relu5=ReLU(),
        pool5=MaxPool2d(3, stride=2),
        flat=Flatten(),
        fc6=Linear(6 * 6 * 256, 4096, rng=rng, dtype=dtype),
        relu6=ReLU(),
        drop6=Dropout(0.5, rng=rng),
        fc7=Linear(4096, 4096, rng=rng, dtype=dtype),
        relu7=ReLU(),
        drop7=Dropout(0.5, rng=rng),
        fc8=Linear(4096, 1000, rng=rng, dtype=dtype),
    )


def peak_megabytes() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(n: int = 1) -> dict[str, tuple[tuple[int, ...], int]]:
    """Run `n` images forward and backward; print and return the shape and parameter count of each layer."""
    rng = np.random.default_rng(0)
    model = alexnet(rng)
    made = peak_megabytes()
    x, y = rng.normal(size=(n, 3, 227, 227)).astype(np.float32), rng.integers(1000, size=n)
    loss = SoftmaxCrossEntropy()
    found = {}
    print(f"{'layer':<7} {'x_out':<18} {'parameters':>11}   published: kernels, shape, parameters, neurons")
    start = time.perf_counter()
    for step in model.forward_steps(x):
        x_out = step.x_out
        params = sum(theta.size for theta in step.layer.params.values())
        found[step.name] = (x_out.shape[1:], params)
        paper = PUBLISHED.get(step.name)
        beside = f"   {paper.kernels:<16} {paper.shape!s:<14} {paper.params:>10,} {paper.neurons:>8,}" if paper else ""
        print(f"{step.name:<7} {x_out.shape[1:]!s:<18} {params:>11,}{beside}")
    loss.forward(x_out, y)
    forward = time.perf_counter() - start
    g_in, param_grads = model.backward(loss.backward()[0])
    backward = time.perf_counter() - start - forward
    total = sum(theta.size for theta in model.params.values())
    held = sum(theta.nbytes for theta in model.params.values()) / 2**20
    print(f"\n{total:,} parameters (the paper: 60 million), {held:.0f} MB of them, as much again of gradients")
    print(f"{n} image(s): forward {forward:.2f} s, backward {backward:.2f} s; g_in {g_in.shape}, of J finite: ", end="")
    print(all(np.isfinite(g).all() for g in (g_in, *param_grads.values())))
    print(f"peak memory of the process {peak_megabytes():.0f} MB ({made:.0f} MB of it once the model was made)")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
