"""The progress bar: tells how far training is, by the clock and not by the step, so that it costs nothing."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

from graph.training.run import Run
from losses import LossCurve


class Progress:
    """A tqdm bar over all steps, redrawn ten times a second (a line every ten seconds where it goes to a file).

    `next` is the time of the next drawing: the loop compares it with the clock, and that is all a step pays.
    """

    def __init__(self, run: Run, curve: LossCurve, shown: bool) -> None:
        self.run, self.curve = run, curve
        self.bar: Any = None
        self.next = float("inf")
        if shown:
            from tqdm import tqdm

            self.pause = 0.1 if sys.stderr.isatty() or "ipykernel" in sys.modules else 10.0
            self.bar = tqdm(total=run.total, initial=run.step, unit="step", desc="fit", mininterval=0.0, miniters=0)
            self.next = perf_counter() + self.pause

    def show(self) -> None:
        """Redraw, with the last costs and accuracies."""
        curve = self.curve
        said = [f"epoch {len(curve.epochs)}"]
        if curve.losses:
            said.append(f"J {curve.losses[-1]:.4g}")
        if curve.validation_losses:
            said.append(f"validation {curve.validation_losses[-1]:.4g}")
        if curve.epoch_accuracies:
            said.append(f"accuracy {curve.epoch_accuracies[-1]:.1%}")
        self.bar.set_description_str(", ".join(said), refresh=False)
        self.bar.update(self.run.step - self.bar.n)
        self.next = perf_counter() + self.pause

    def close(self) -> None:
        """The last drawing; the line stays."""
        if self.bar is not None:
            self.show()
            self.bar.close()
