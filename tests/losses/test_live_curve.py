"""The live picture: how often it is drawn, and that an executed notebook keeps exactly one image."""

import itertools
from pathlib import Path

import pytest

from losses import LiveCurve, LossCurve, live_curve

PNG = b"\x89PNG"


class FakeScreen:
    """Stands in for the notebook: `display` hands out itself as the handle, and counts."""

    def __init__(self, clock=None, cost=0.0):
        self.shown, self.updated, self.clock, self.cost = [], [], clock, cost

    def __call__(self, obj, display_id):
        assert display_id is True
        self._draw(self.shown, obj)
        return self

    def update(self, obj):
        self._draw(self.updated, obj)

    def _draw(self, where, obj):
        where.append(obj._repr_png_() if self.clock is None else None)
        if self.clock is not None:
            self.clock.now += self.cost


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_shown_once_and_updated_in_place():
    curve, screen = LossCurve(), FakeScreen()
    live = LiveCurve(curve, display=screen)
    live.refresh(force=True)
    assert screen.shown == []  # nothing to see yet
    curve.record(0, 1.0)
    live.refresh()
    curve.record(1, 0.5)
    live.refresh(force=True)
    assert len(screen.shown) == len(screen.updated) == 1
    assert screen.shown[0].startswith(PNG)
    assert screen.updated[0].startswith(PNG)
    assert screen.updated[0] != screen.shown[0]
    assert repr(live) == repr(curve)


@pytest.mark.parametrize(("cost", "pause"), [(0.001, 0.25), (0.0249, 0.25), (0.1, 1.0)])
def test_redrawn_no_more_often_than_allowed(monkeypatch, cost, pause):
    clock = Clock()
    monkeypatch.setattr(live_curve, "perf_counter", clock)
    curve, screen = LossCurve(), FakeScreen(clock, cost)
    live = LiveCurve(curve, display=screen)
    drawn_at = []
    for step in range(4000):
        curve.record(step, 1.0)
        before = len(screen.shown) + len(screen.updated)
        live.refresh()
        if len(screen.shown) + len(screen.updated) > before:
            drawn_at.append(clock.now)
        clock.now += 0.001
    pauses = [b - a - cost for a, b in itertools.pairwise(drawn_at)]
    assert len(pauses) >= 3
    assert min(pauses) >= pause - 1e-9
    assert max(pauses) <= pause + 0.002


def test_outside_of_a_notebook_nothing_happens():
    curve = LossCurve()
    live = LiveCurve(curve)
    curve.record(0, 1.0)
    live.refresh()
    live.refresh(force=True)
    assert live.handle is None


CELL = """
import time
from losses import LiveCurve, LossCurve
curve = LossCurve()
live = LiveCurve(curve)
for step in range(60):
    curve.record(step, 1 / (1 + step))
    live.refresh()
    time.sleep(0.01)
live.refresh(force=True)
curve.record_epoch(0, 0.1)
"""


def images(cell):
    return [output for output in cell.outputs if "image/png" in output.get("data", {})]


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.parametrize("pyplot", [False, True])
def test_an_executed_notebook_keeps_one_image(pyplot):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    cells = [CELL, CELL + "curve", "curve", "curve.plot()", "len(curve.steps)"]
    if pyplot:
        cells[0] = "import matplotlib.pyplot as plt\n" + cells[0]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    here = {"metadata": {"path": str(Path(__file__).parents[2])}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=here).execute()
    assert [len(images(cell)) for cell in notebook.cells] == [1, 1, 1, 1, 0]
    assert [output["output_type"] for output in notebook.cells[0].outputs] == ["display_data"]
    assert "60 steps" in notebook.cells[0].outputs[0]["data"]["text/plain"]  # the last drawing, not the first
