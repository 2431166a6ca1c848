"""One workload in a process of its own: its threads and dtype are fixed before numpy loads; prints JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def measure(name: str, dtype: str, threads: int, seconds: float) -> dict[str, Any]:
    """The microseconds a step of each contender, and the ratios to the kit's, paired by rounds."""
    from statistics import median

    from tests.benchmarks.functional_steps import autograd_tape, jax_jit
    from tests.benchmarks.kit_steps import kit
    from tests.benchmarks.numpy_steps import products, script
    from tests.benchmarks.timing import in_turn, ratio
    from tests.benchmarks.torch_steps import torch_eager
    from tests.benchmarks.works import WORKS

    work = next(work for work in WORKS if work.name == name)
    steps = {
        "kit": kit(work, dtype),
        "script": script(work, dtype),
        "products": products(work, dtype),
        "torch": torch_eager(work, dtype, threads),
        "jax": jax_jit(work, dtype),
        "autograd": autograd_tape(work, dtype),
    }
    steps = {name: step for name, step in steps.items() if step}
    if name == "W4":
        steps.pop("autograd", None)  # seconds a step
    # idle BLAS threads spin for a while and would steal the second core from the next contender
    times = in_turn(steps, seconds=seconds, pause=0.1 if threads > 1 else 0.0)
    return {
        "us": {name: 1e6 * median(times[name]) for name in times},
        "ratio": {name: ratio(times, name, "kit") for name in times if name != "kit"},
    }


def in_processes(names: list[str], dtype: str, threads: int, seconds: float) -> dict[str, Any]:
    """The same for several workloads, with the number of threads pinned everywhere.

    Each has a process of its own, as a training run has: among the leftovers of other workloads a circuit of a thousand
    small objects lies scattered over the memory, and takes 15% more.
    """
    import subprocess

    variables = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    env = {**os.environ, **{name: str(threads) for name in variables}}
    found = {}
    for name in names:
        command = [sys.executable, "-m", "tests.benchmarks.measure", name, dtype, str(threads), str(seconds)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
        found[name] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    work, kind, count, time = sys.argv[1:]
    if count == "1" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(json.dumps(measure(work, kind, int(count), float(time))))
