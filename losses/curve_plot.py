"""The drawing of a loss curve: faint every step, bold the trend, dashed the validation."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TRAINING, VALIDATION, INK, GRID = "#00795a", "#c2410c", "#1f2937", "#e5e7eb"
RAW_POINTS, TREND_POINTS, VALIDATION_POINTS = 1200, 400, 400  # 2,000 in all, however long the run
TREND = {"color": TRAINING, "lw": 2.4}
SHORT = 20  # fewer points than this are drawn one by one
WINDOW = 0.04  # the trend is a moving mean over this share of the run


def draw_curve(curve: Any, log: bool = False) -> Figure:
    """The picture on a canvas of its own: no pyplot, nothing global, nothing left open."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), dpi=110, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    figure._repr_png_ = partial(png, figure)  # what a notebook asks for
    axes = figure.add_subplot()
    if log and not any(J > 0 for J in [*curve.losses, *curve.epoch_losses, *curve.validation_losses]):
        raise ValueError("LossCurve.plot: log=True needs a cost above 0, and this curve has none")
    draw_training(axes, curve)
    draw_validation(axes, curve)
    dress(axes, curve, log)
    return figure


def draw_training(axes: Axes, curve: Any) -> None:
    """Every step, faint, with its trend, bold; alone and bold where the run is too short for a trend."""
    if not curve.losses:
        axes.plot(*envelope(*finite(curve.epochs, curve.epoch_losses), TREND_POINTS), **TREND, label="each epoch")
        return
    steps, losses = finite(curve.steps, curve.losses)
    if len(losses) < SHORT:
        axes.plot(steps, losses, **TREND, marker="o", markersize=5, label="each step")
        return
    axes.plot(*envelope(steps, losses, RAW_POINTS), color=TRAINING, alpha=0.3, lw=0.9, label="each step")
    axes.plot(*trend(steps, losses), **TREND, label="smoothed")


def draw_validation(axes: Axes, curve: Any) -> None:
    """The validation cost at the end of each epoch, dashed."""
    last = [curve.steps[end - 1] if end else epoch for end, epoch in zip(curve.epoch_ends, curve.epochs, strict=True)]
    x, y = envelope(*finite(last, curve.validation_losses), VALIDATION_POINTS)
    if len(y):
        right = f", {curve.validation_accuracies[-1]:.1%} right" if curve.validation_accuracies else ""
        marker = "o" if len(y) < SHORT else ""
        axes.plot(x, y, color=VALIDATION, lw=1.8, ls="--", marker=marker, markersize=4, label=f"validation{right}")


def dress(axes: Axes, curve: Any, log: bool) -> None:
    """Labels, scale, legend; every colour is set, whatever style the reader has switched on."""
    epochs = f" ({len(curve.epochs)} epoch{'s' * (len(curve.epochs) != 1)})" if curve.epochs else ""
    axes.set_xlabel(f"step{epochs}" if curve.losses else "epoch", color=INK)
    axes.set_ylabel("cost J", color=INK)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.margins(x=0.02)
    if log:
        axes.set_yscale("log")
    elif all(line.get_ydata().min(initial=0) >= 0 for line in axes.lines):
        axes.set_ylim(bottom=0)
    axes.set_facecolor("white")
    axes.spines[:].set_color(INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(which="both", colors=INK)
    axes.grid(visible=True, color=GRID, lw=0.8)
    axes.set_axisbelow(True)
    if axes.lines:
        axes.legend(frameon=False, labelcolor=INK)


def finite(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """The points with a finite y."""
    y = np.asarray(y, float)
    x = np.asarray(x[: len(y)], float)
    keep = np.isfinite(y)
    return x[keep], y[keep]


def envelope(x: Any, y: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """At most n of the points: the lowest and the highest of each of n/2 stretches, so that no spike is lost.

    >>> x, y = envelope(range(6), [0, 9, 1, 5, 7, 6], 4)
    >>> x.tolist(), y.tolist()
    ([0.0, 1.0, 3.0, 4.0], [0.0, 9.0, 5.0, 7.0])
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(y) <= n:
        return x, y
    stretches = np.array_split(np.arange(len(y)), n // 2)
    keep = sorted(i for s in stretches for i in {s[y[s].argmin()], s[y[s].argmax()]})
    return x[keep], y[keep]


def trend(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The moving mean over WINDOW of the run, at no more than TREND_POINTS places.

    >>> x, y = trend(np.arange(100.0), np.full(100, 3.0))
    >>> len(x), set(y.tolist())
    (100, {3.0})
    """
    n = min(len(y), TREND_POINTS)
    starts = np.linspace(0, len(y), n, endpoint=False).astype(int)
    sizes = np.diff(starts, append=len(y))
    window = np.ones(max(3, round(n * WINDOW)))
    mean = np.convolve(np.add.reduceat(y, starts), window, "same") / np.convolve(sizes, window, "same")
    return np.add.reduceat(x, starts) / sizes, mean


def png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white")
    return buffer.getvalue()
