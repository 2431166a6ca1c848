"""The live curve: one picture in a notebook that follows the training run, redrawn in place and not too often."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from losses.curve_plot import draw_curve, png
from losses.loss_curve import LossCurve
from losses.notebook import notebook_cell, notebook_display

PAUSE = 0.25  # seconds between two drawings, at the least
SHARE = 10  # a drawing that took t seconds is followed by a pause of SHARE * t: at most a tenth of the time is spent


class LiveCurve:
    """Shows `curve` below a notebook's cell and keeps that one picture up to date.

    The training loop calls `refresh()` after each step, which mostly returns at once, and `refresh(force=True)` at
    the end. Outside of a notebook there is no picture to update, and nothing happens.

    >>> curve = LossCurve()
    >>> live = LiveCurve(curve)                        # here is no notebook
    >>> curve.record(0, 2.0)
    >>> live.refresh(force=True)
    """

    def __init__(self, curve: LossCurve, display: Callable[..., Any] | None = None) -> None:
        self.curve = curve
        self.display = display or notebook_display()
        self.handle: Any = None
        self.next_drawing = 0.0 if self.display else float("inf")
        if self.display:
            png(draw_curve(curve))  # the first drawing of all loads matplotlib: not to be counted as a drawing's time

    def refresh(self, force: bool = False) -> None:
        """Draw again if it is time to (or if forced)."""
        if (perf_counter() < self.next_drawing and not (force and self.display)) or not self.curve.losses:
            return
        start = perf_counter()
        if self.handle is None:
            self.curve.live_in = notebook_cell()
            self.handle = self.display(self, display_id=True)
        else:
            self.handle.update(self)
        end = perf_counter()
        self.next_drawing = end + max(PAUSE, SHARE * (end - start))

    def _repr_png_(self) -> bytes:
        return png(draw_curve(self.curve))

    def __repr__(self) -> str:
        return repr(self.curve)
