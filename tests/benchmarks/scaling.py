"""How the cost of a step grows: with depth, batch, width and unrolled length; and what a step costs in memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import numpy as np

from graph import Sequential
from layers import Layer, Linear, ReLU, Tanh
from losses import SoftmaxCrossEntropy
from tests.benchmarks.kit_steps import kit
from tests.benchmarks.timing import in_turn, ratio
from tests.benchmarks.works import LR, WORKS, Work


def step_of(model: Layer, x: np.ndarray, n_classes: int) -> Callable[[], object]:
    """A whole training step of `model` on one batch."""
    y, loss = np.arange(len(x)) % n_classes, SoftmaxCrossEntropy()

    def step() -> object:
        J = loss.forward(model.forward(x), y)
        _, param_grads = model.backward(loss.backward()[0], to_data=False)
        model.update(param_grads, LR)
        return J

    return step


def mlp(widths: list[int], *, seed: int = 0, dtype: str = "float32") -> Sequential:
    """A chain of Linear and ReLU."""
    rng = np.random.default_rng(seed)  # one for all: equal layers in a row would grow or die
    pairs = pairwise(widths)
    return Sequential(*(layer for n, m in pairs for layer in (Linear(n, m, rng=rng, dtype=dtype), ReLU())))


def _microseconds(steps: dict[str, Callable], per: dict[str, int], seconds: float) -> dict[str, float]:
    times = in_turn(steps, seconds=seconds)
    return {name: 1e6 * median(times[name]) / per[name] for name in steps}


def depth(maker: Callable, width: int = 64, seconds: float = 8.0) -> dict[str, float]:
    """Microseconds a layer (Linear + ReLU of `width`, batch 32), by the number of layers; the kit's or the script's."""
    depths = (5, 10, 50, 100, 200, 400)
    works = {str(d): Work("", "", "mlp", (width,) * (d + 1), 32) for d in depths}
    steps = {name: maker(work, "float32") for name, work in works.items()}
    return _microseconds(steps, {str(d): d for d in depths}, seconds)


def batch(widths: tuple[int, ...], sizes: tuple[int, ...], seconds: float = 8.0) -> dict[str, float]:
    """Microseconds a datapoint, by the size of the batch."""
    rng = np.random.default_rng(0)
    xs = {str(n): rng.normal(size=(n, widths[0])).astype("float32") for n in sizes}
    steps = {name: step_of(mlp(list(widths)), x, widths[-1]) for name, x in xs.items()}
    return _microseconds(steps, {str(n): n for n in sizes}, seconds)


def width(seconds: float = 4.0) -> dict[str, float]:
    """Microseconds for a thousand weights (three layers of one width, batch 64), by the width."""
    rng = np.random.default_rng(0)
    widths = (16, 64, 256, 1024)
    steps = {str(w): step_of(mlp([w] * 4), rng.normal(size=(64, w)).astype("float32"), w) for w in widths}
    return {name: 1000 * us for name, us in _microseconds(steps, {str(w): 3 * w * w for w in widths}, seconds).items()}


def unrolled(seconds: float = 4.0) -> dict[str, float]:
    """Microseconds a time step of one tied layer (Linear 64 + Tanh, batch 32), by the number of time steps."""
    x = np.random.default_rng(0).normal(size=(32, 64)).astype("float32")
    steps = {}
    lengths = (10, 50, 100, 200)
    for length in lengths:
        cell = Linear(64, 64, rng=0, dtype="float32")
        chain = (layer for t in range(length) for layer in (cell.tied() if t else cell, Tanh()))
        steps[str(length)] = step_of(Sequential(*chain), x, 64)
    return _microseconds(steps, {str(length): length for length in lengths}, seconds)


def page_faults(n_steps: int = 50) -> dict[str, float]:
    """Minor page faults a step in the steady state, when all arrays of a step are let go at its end."""
    faults = {}
    for work in WORKS:
        step = kit(work, "float32")
        n = 5 if work.name == "W4" else n_steps
        for i in range(2 * n):
            if i == n:
                before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            step()
        faults[work.name] = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / n
    return faults


def peak_memory() -> dict[str, float]:
    """Peak memory in MB that training 100 x (Linear 256 + ReLU) at batch 4096 adds to a process, kit and torch."""
    found = {}
    for name in ("kit", "torch"):
        code = f"from tests.benchmarks.memory import main; main({name!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        if done.returncode == 0:
            found[name] = float(done.stdout)
    return found


def import_time(repeats: int = 7) -> dict[str, float]:
    """Seconds for `import numpy`, and for `import layers` and `import graph`, which hold it: medians over processes."""
    found: dict[str, list[float]] = {}
    clock = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
    for _ in range(repeats):
        for what in ("import numpy", "import layers", "import graph"):
            done = subprocess.run(
                [sys.executable, "-c", clock.format(what)], capture_output=True, text=True, check=True
            )
            found.setdefault(what, []).append(float(done.stdout))
    return {what: median(seconds) for what, seconds in found.items()}


def fit_overhead(seconds: float = 6.0) -> float:
    """Time of `fit` over that of the hand-written loop: W2's network, 100 batches of 64, five epochs."""
    from graph import fit

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(100 * 64, 64)).astype("float32"), rng.integers(0, 10, 100 * 64)
    model, loss, order = mlp([64, 128, 64, 10]), SoftmaxCrossEntropy(), np.random.default_rng(0)

    def by_hand() -> None:
        for _ in range(5):
            rows = order.permutation(len(x))
            for start in range(0, len(x), 64):
                chosen = rows[start : start + 64]
                loss.forward(model.forward(x[chosen]), y[chosen])
                model.update(model.backward(loss.backward()[0], to_data=False)[1], LR)

    def by_fit() -> None:
        fit(model, loss, x, y, epochs=5, batch_size=64, lr=LR, progress=False)

    return ratio(in_turn({"fit": by_fit, "hand": by_hand}, seconds=seconds), "fit", "hand")
