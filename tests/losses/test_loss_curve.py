"""The loss curve: what it writes down, the CSV, and the picture."""

import csv
import math
import subprocess
import sys
from time import perf_counter

import numpy as np
import pytest

from losses import LossCurve


def a_curve(steps=300, epochs=3, validation=True):
    rng = np.random.default_rng(0)
    curve = LossCurve()
    for step in range(steps):
        curve.record(step, np.exp(-3 * step / steps) * rng.uniform(0.5, 1.5))
        if epochs and (step + 1) % (steps // epochs) == 0:
            last = curve.losses[-steps // epochs :]
            curve.record_epoch(len(curve.epochs), np.mean(last), np.mean(last) + 0.1 if validation else None)
    return curve


def test_lists_are_plain_and_hold_plain_numbers():
    curve = LossCurve()
    curve.record(0, np.float32(0.5))
    curve.record_epoch(0, np.float64(0.5), validation=np.float32(0.25), accuracy=0.75, validation_accuracy=1)
    assert (curve.steps, curve.losses, curve.epochs, curve.epoch_losses) == ([0], [0.5], [0], [0.5])
    assert (curve.validation_losses, curve.epoch_accuracies, curve.validation_accuracies) == ([0.25], [0.75], [1.0])
    assert {type(v) for v in curve.losses + curve.epoch_losses + curve.validation_losses} == {float}


def test_optional_lists_are_empty_or_as_long_as_the_epochs():
    curve = LossCurve()
    curve.record_epoch(0, 3.0)
    assert curve.validation_losses == []
    curve.record_epoch(1, 2.0, validation=2.5)
    curve.record_epoch(2, 1.0)
    assert math.isnan(curve.validation_losses[0])
    assert curve.validation_losses[1] == 2.5
    assert math.isnan(curve.validation_losses[2])
    assert len(curve.validation_losses) == 3


def test_recording_costs_a_training_step_nothing():
    curve, J = LossCurve(), np.float64(0.5)
    best = math.inf
    for _ in range(5):
        start = perf_counter()
        for step in range(2000):
            curve.record(step, J)
        best = min(best, perf_counter() - start)
    assert best / 2000 < 3e-6  # measured: 0.15 us


def test_the_csv_holds_every_float_to_the_last_bit(tmp_path):
    curve = a_curve()
    curve.save(tmp_path / "curve.csv")
    with open(tmp_path / "curve.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["step", "loss", "epoch", "epoch_loss", "validation_loss"]
    assert [int(row["step"]) for row in rows] == curve.steps
    assert [float(row["loss"]) for row in rows] == curve.losses
    ends = [row for row in rows if row["epoch"]]
    assert [int(row["step"]) for row in ends] == [99, 199, 299]
    assert [float(row["epoch_loss"]) for row in ends] == curve.epoch_losses
    assert [float(row["validation_loss"]) for row in ends] == curve.validation_losses


def test_epochs_without_steps_have_rows_of_their_own(tmp_path):
    curve = LossCurve()
    curve.record_epoch(0, 2.0)
    curve.record_epoch(1, 1.0, validation=1.5)
    curve.save(tmp_path / "curve.csv")
    assert (tmp_path / "curve.csv").read_text().splitlines()[1:] == [",,0,2.0,nan,,", ",,1,1.0,1.5,,"]


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "curve.csv"
    a_curve().save(path)
    before = path.read_bytes()
    broken = a_curve(30)
    broken.losses[20] = Unprintable()
    with pytest.raises(OSError, match="disk full"):
        broken.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["curve.csv"]


def test_a_folder_that_is_not_there_is_named_as_it_was_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"cannot write the curve: .*nowhere/curve\.csv'"):
        a_curve().save(tmp_path / "nowhere" / "curve.csv")


class Unprintable:
    def __str__(self):
        raise OSError("disk full")


def test_the_repr_says_how_far_the_run_has_come():
    assert repr(LossCurve()) == "LossCurve(0 steps)"
    curve = a_curve()
    curve.validation_accuracies = [0.5, 0.75, 0.875]
    assert repr(curve).startswith("LossCurve(300 steps, 3 epochs, last J ")
    assert repr(curve).endswith("validation accuracy 87.50%)")


def lines(figure):
    return {line.get_label(): line for line in figure.axes[0].lines}


def test_the_picture_has_its_three_lines_and_its_labels(tmp_path):
    figure = a_curve().plot(tmp_path / "curve.png")
    drawn = lines(figure)
    assert list(drawn) == ["each step", "smoothed", "validation"]
    raw, bold, dashed = drawn.values()
    assert raw.get_alpha() < 0.5
    assert bold.get_linewidth() > 2 * raw.get_linewidth()
    assert dashed.get_linestyle() == "--"
    assert list(dashed.get_xdata()) == [99, 199, 299]
    assert figure.axes[0].get_xlabel() == "step (3 epochs)"
    assert figure.axes[0].get_ylabel() == "cost J"
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_trend_is_a_mean_and_not_a_guess():
    curve = LossCurve()
    for step in range(1000):
        curve.record(step, 2.0 + (-1) ** step)
    trend = lines(curve.plot())["smoothed"].get_ydata()
    assert np.abs(trend - 2).max() < 0.2


@pytest.mark.parametrize("steps", [2_000, 2_001, 300_000])
def test_at_most_2000_points_are_drawn_and_no_spike_is_lost(steps):
    curve = a_curve(steps, epochs=1000)
    curve.losses[steps // 3] = 77.0
    curve.losses[steps // 2] = -5.0
    figure = curve.plot()
    assert sum(len(line.get_xdata()) for line in figure.axes[0].lines) <= 2000
    raw = lines(figure)["each step"]
    assert max(raw.get_ydata()) == 77.0
    assert min(raw.get_ydata()) == -5.0
    assert list(raw.get_xdata()) == sorted(raw.get_xdata())
    assert raw.get_xdata()[np.argmax(raw.get_ydata())] == steps // 3


def test_a_log_scale_on_request():
    assert a_curve().plot().axes[0].get_yscale() == "linear"
    assert a_curve().plot(log=True).axes[0].get_yscale() == "log"
    negative = LossCurve()
    negative.record(0, -1.0)
    with pytest.raises(ValueError, match="above 0"):
        negative.plot(log=True)


def test_what_is_not_finite_is_left_out():
    curve = a_curve()
    curve.losses[10], curve.losses[20], curve.validation_losses[1] = float("inf"), float("nan"), float("nan")
    drawn = lines(curve.plot())
    assert len(drawn["each step"].get_xdata()) == 298
    assert list(drawn["validation"].get_xdata()) == [99, 299]


@pytest.mark.parametrize("steps", [0, 1, 2, 19, 20, 21])
def test_short_runs_draw_too(steps):
    figure = a_curve(steps, epochs=0).plot()
    assert sum(len(line.get_xdata()) for line in figure.axes[0].lines) >= steps
    if steps == 1:
        assert figure.axes[0].lines[0].get_marker() == "o"


def test_epochs_alone_draw_too():
    curve = LossCurve()
    for epoch in range(5):
        curve.record_epoch(epoch, 5.0 - epoch, validation=6.0 - epoch)
    drawn = lines(curve.plot())
    assert list(drawn["each epoch"].get_xdata()) == list(drawn["validation"].get_xdata()) == [0, 1, 2, 3, 4]


def test_the_picture_touches_nothing_global():
    code = (
        "import sys; from losses import LossCurve; curve = LossCurve(); curve.record(0, 1.0);"
        "assert 'matplotlib' not in sys.modules; figure = curve.plot(); assert 'matplotlib' in sys.modules;"
        "assert 'matplotlib.pyplot' not in sys.modules; assert figure._repr_png_()[:4] == b'\\x89PNG'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_dark_style_of_the_readers_does_not_reach_the_picture():
    import matplotlib.style

    plain = a_curve()._repr_png_()
    with matplotlib.style.context("dark_background"):
        assert a_curve()._repr_png_() == plain


def test_a_notebook_is_given_a_picture_once_there_is_one():
    assert LossCurve()._repr_png_() is None
    assert a_curve()._repr_png_().startswith(b"\x89PNG")
