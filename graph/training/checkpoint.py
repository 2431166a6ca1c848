"""The checkpoint: everything a training run needs to go on, bit for bit, after its process was killed."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np

from graph.archive import check_alike, check_names, check_writable, naming, part, read_archive, under, write_archive
from graph.training.measure import RunningAccuracy
from graph.training.run import Run
from layers.rng import Seed
from losses import LossCurve

SHARE = 0.05  # of the running time may go into writing
FIRST_PAUSE = 20.0  # seconds, until it is known what writing costs
CURVE = [name for name, values in vars(LossCurve()).items() if isinstance(values, list)]


class Checkpoint:
    """One file that is rewritten now and then: after the first epoch, then as often as SHARE of the time pays for.

    It holds the parameters, the layers' own state, the optimizer's memory, step and epoch, the place within the
    epoch and the generator that shuffles, the accuracy so far, the curve, and the arguments to know the run by.

    Raises:    OSError if `path` cannot be written, at once and not after the first epoch
    """

    def __init__(
        self, path: str | os.PathLike, run: Run, rng: Any, curve: LossCurve, accuracy: RunningAccuracy
    ) -> None:
        check_writable(path, "checkpoint")
        self.path, self.run, self.curve, self.accuracy = path, run, curve, accuracy
        self.arguments = describe(run, rng)
        self.written = False
        self.next = perf_counter() + FIRST_PAUSE

    def due(self, now: float) -> bool:
        """Whether it is time to write."""
        return now > self.next or (self.run.ends_epoch and not self.written)

    def write(self) -> None:
        """Write now, and work out when it is time again."""
        start = perf_counter()
        run = self.run
        run.check_parameters()
        about = {"lrs": np.array([run.lr(0), run.lr(run.step - 1)]), "arguments": np.array(json.dumps(self.arguments))}
        write_archive(self.path, "checkpoint", self.take() | about)
        self.written = True
        end = perf_counter()
        self.next = end + (end - start) / SHARE

    def read(self) -> None:
        """Go on where the file left off; if there is none, start at the beginning. All or nothing."""
        if not os.path.exists(self.path):
            return
        arrays = read_archive(self.path, "checkpoint")
        run, before = self.run, self.take()
        check_alike(self.path, part(arrays, "params"), run.model.params)
        check_names(self.path, part(arrays, "state"), run.model.state(), "state")
        missing = [name for name in (*before, "lrs", "arguments") if name not in arrays and "optimizer/" not in name]
        if missing:
            raise ValueError(f'"{os.fspath(self.path)}" is not a whole checkpoint: it lacks {", ".join(missing)}')
        self._check_arguments(json.loads(str(arrays["arguments"])), arrays["lrs"], int(arrays["place/step"]))
        try:
            with naming(self.path):
                self.put(arrays)
        except ValueError:
            self.put(before)
            raise

    def take(self) -> dict[str, np.ndarray]:
        """All that changes in the course of a run, as named arrays."""
        run = self.run
        self.accuracy.count()
        place = {"step": run.step, "epoch": run.epoch, "right": self.accuracy.right, "seen": self.accuracy.seen}
        return (
            under("params", {name: theta.copy() for name, theta in run.model.params.items()})
            | under("state", run.model.state())
            | under("optimizer", run.optimizer.state() if hasattr(run.optimizer, "state") else {})
            | under("batches", run.batches.state())
            | under("curve", {name: np.array(getattr(self.curve, name)) for name in CURVE})
            | under("place", {name: np.array(value) for name, value in place.items()})
        )

    def put(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Put everything where `take` found it; the mirror of `take`."""
        run, place, curve = self.run, part(arrays, "place"), part(arrays, "curve")
        for name, value in part(arrays, "params").items():
            run.model.params[name][...] = value
        run.model.load_state(part(arrays, "state"))
        if hasattr(run.optimizer, "load_state"):
            run.optimizer.load_state(part(arrays, "optimizer"))
        run.batches.load_state(part(arrays, "batches"))
        for name in CURVE:
            getattr(self.curve, name)[:] = curve[name].tolist()
        run.step, run.epoch = int(place["step"]), int(place["epoch"])
        self.accuracy.right, self.accuracy.seen = int(place["right"]), int(place["seen"])

    def _check_arguments(self, before: dict[str, str], lrs: np.ndarray, step: int) -> None:
        differ = [
            f"{name} was {was}, is {self.arguments[name]}"
            for name, was in before.items()
            if self.arguments[name] != was
        ]
        now = [self.run.lr(0), self.run.lr(step - 1)]
        if now != lrs.tolist():
            differ.append(f"lr (at the steps 0 and {step - 1}) was {lrs.tolist()}, is {now}")
        if step > self.run.total:
            differ.append(f"{step} steps are done, epochs={self.run.epochs} would be {self.run.total}")
        if differ:
            raise ValueError(
                f'"{os.fspath(self.path)}" is a checkpoint of another run: {"; ".join(differ)}. '
                "Give the same arguments, or another path, or start anew with resume=False"
            )


def describe(run: Run, rng: Seed) -> dict[str, str]:
    """The arguments that must be the same for a run to go on, in words. Epochs may grow."""
    batches = run.batches
    return {
        "model": in_words(run.model),
        "loss": in_words(run.loss),
        "optimizer": in_words(run.optimizer),
        "penalty": in_words(run.penalty),
        "batch_size": str(batches.batch_size),
        "rng": str(rng) if isinstance(rng, (int, np.integer)) else "a generator",
        "x": fingerprint(batches.x),
        "y": fingerprint(batches.y),
    }


def in_words(value: Any) -> str:
    """What an object is, without its address in memory, which differs from process to process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def fingerprint(values: Any) -> str:
    """Shape, dtype and a checksum of at most 64 rows: enough to see that data are others.

    >>> fingerprint(np.zeros((3, 2)))
    '(3, 2) float64 #f288b395'
    """
    if type(values) is tuple:
        return ", ".join(map(fingerprint, values))
    rows = values[:: -(-len(values) // 64)]
    return f"{values.shape} {values.dtype} #{zlib.crc32(np.ascontiguousarray(rows)):08x}"
