"""The loss curve: what a training run writes down, step by step and epoch by epoch."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ["step", "loss", "epoch", "epoch_loss", "validation_loss", "epoch_accuracy", "validation_accuracy"]


class LossCurve:
    """Every step's J, and every epoch's mean, validation cost and accuracies, as plain lists.

    steps, losses                            one entry a step
    epochs, epoch_ends, epoch_losses         one entry an epoch; epoch_ends counts the steps before each end
    validation_losses, epoch_accuracies, validation_accuracies
                                             one entry an epoch (nan where an epoch had none), or empty

    In a notebook a curve at the end of a cell shows its picture.

    >>> curve = LossCurve()
    >>> curve.record(0, 2.0)
    >>> curve.record(1, 1.0)
    >>> curve.record_epoch(0, 1.5, validation=1.25)
    >>> curve.losses, curve.epoch_losses, curve.validation_losses
    ([2.0, 1.0], [1.5], [1.25])
    >>> curve
    LossCurve(2 steps, 1 epoch, last J 1, epoch mean 1.5, validation 1.25)
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.epochs: list[int] = []
        self.epoch_ends: list[int] = []
        self.epoch_losses: list[float] = []
        self.validation_losses: list[float] = []
        self.epoch_accuracies: list[float] = []
        self.validation_accuracies: list[float] = []
        self.live_in: object = None  # the notebook cell that a LiveCurve shows this curve in

    def record(self, step: int, J: Any) -> None:
        """Write down one step; called in the training loop, so it does next to nothing."""
        self.steps.append(step)
        self.losses.append(float(J))

    def record_epoch(
        self,
        epoch: int,
        mean_J: Any,
        validation: Any = None,
        accuracy: Any = None,
        validation_accuracy: Any = None,
    ) -> None:
        """Write down the end of an epoch: the mean of its J, and what else was measured."""
        self.epochs.append(epoch)
        self.epoch_ends.append(len(self.steps))
        self.epoch_losses.append(float(mean_J))
        self._append(self.validation_losses, validation)
        self._append(self.epoch_accuracies, accuracy)
        self._append(self.validation_accuracies, validation_accuracy)

    def _append(self, values: list[float], value: Any) -> None:
        """Keep an optional list either empty or as long as `epochs`."""
        if value is None and not values:
            return
        missing = len(self.epochs) - 1 - len(values)
        values.extend([float("nan")] * missing)
        values.append(float("nan") if value is None else float(value))

    def plot(self, path: str | os.PathLike[str] | None = None, log: bool = False) -> Figure:
        """The picture as a matplotlib Figure, also written to `path` if given (.png, .svg, .pdf); log scale for J."""
        from losses.curve_plot import draw_curve

        figure = draw_curve(self, log=log)
        if path is not None:
            figure.savefig(path, facecolor="white")
        return figure

    def save(self, path: str | os.PathLike[str]) -> None:
        """A CSV with one row a step; the last step of an epoch carries the epoch's numbers. All or nothing."""
        rows: list[list[Any]] = [[step, J, *[""] * 5] for step, J in zip(self.steps, self.losses, strict=True)]
        optional = (self.validation_losses, self.epoch_accuracies, self.validation_accuracies)
        for i, (epoch, end) in enumerate(zip(self.epochs, self.epoch_ends, strict=True)):
            numbers = [epoch, self.epoch_losses[i], *(values[i] if values else "" for values in optional)]
            if end and rows[end - 1][2] == "":
                rows[end - 1][2:] = numbers
            else:
                rows.append(["", "", *numbers])
        write_csv(Path(path), [COLUMNS, *rows])

    def _repr_png_(self) -> bytes | None:
        """The picture, for a notebook; not a second time below the cell that has shown it live."""
        from losses.curve_plot import draw_curve, png
        from losses.notebook import notebook_cell

        if not self.losses and not self.epoch_losses:
            return None
        if self.live_in is not None and self.live_in == notebook_cell():
            return None
        return png(draw_curve(self))

    def __repr__(self) -> str:
        parts = [f"{len(self.steps)} step{'s' * (len(self.steps) != 1)}"]
        if self.epochs:
            parts.append(f"{len(self.epochs)} epoch{'s' * (len(self.epochs) != 1)}")
        if self.losses:
            parts.append(f"last J {self.losses[-1]:.4g}")
        if self.epoch_losses:
            parts.append(f"epoch mean {self.epoch_losses[-1]:.4g}")
        if self.validation_losses:
            parts.append(f"validation {self.validation_losses[-1]:.4g}")
        if self.validation_accuracies:
            parts.append(f"validation accuracy {self.validation_accuracies[-1]:.2%}")
        return f"LossCurve({', '.join(parts)})"


def write_csv(path: Path, rows: list[list[Any]]) -> None:
    """Write all the rows beside `path` and move them there in one go, so that no half a file is ever seen."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:  # the reader knows `path`, and not the file beside it
        raise OSError(error.errno, f"cannot write the curve: {error.strerror}", str(path)) from None
    try:
        with open(handle, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
