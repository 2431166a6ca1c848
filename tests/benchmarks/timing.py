"""Timing on a shared machine: contenders in turn in one run, medians of paired ratios."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median


def in_turn(steps: dict[str, Callable[[], object]], *, seconds: float, pause: float = 0.0) -> dict[str, list[float]]:
    """Seconds a step, one number a round for each contender; every round runs every contender once, in turn.

    A round's block is long enough to be timed (10 ms). The step before it is not counted: it finds in the caches what
    the last contender has left there, which no step of a training run does. `pause` lets idle BLAS threads of the last
    one go to sleep. What has been loaded and built before is out of reach of the garbage collector: it would be gone
    through during the steps of whoever makes most objects.
    """
    gc.collect()
    gc.freeze()
    blocks = {name: _block(step) for name, step in steps.items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(times.values()))) < 5:
        for name, step in steps.items():
            time.sleep(pause)
            step()
            start = time.perf_counter()
            for _ in range(blocks[name]):
                step()
            times[name].append((time.perf_counter() - start) / blocks[name])
    gc.unfreeze()
    return times


def ratio(times: dict[str, list[float]], name: str, base: str) -> float:
    """The median over the rounds of time(name) / time(base)."""
    return median(a / b for a, b in zip(times[name], times[base], strict=True))


def _block(step: Callable[[], object]) -> int:
    for _ in range(3):
        step()
    start = time.perf_counter()
    step()
    return max(1, int(0.01 / max(time.perf_counter() - start, 1e-7)))
