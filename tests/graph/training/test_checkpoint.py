"""Checkpoints: a run that was stopped goes on and ends bit for bit like one that was not, for less work."""

import json
import os
import signal
import threading
import time

import numpy as np
import pytest

from graph import Adam, Clipped, Momentum, Sequential, fit
from graph.archive import read_archive, write_archive
from graph.training import checkpoint as checkpoint_module
from graph.training.schedules import cosine
from layers import BatchNorm, Dropout, Linear, ReLU
from losses import L2Penalty, SoftmaxCrossEntropy


class Stop(Exception):
    """Stands for whatever ends a process."""


class CountingLoss(SoftmaxCrossEntropy):
    """Counts the steps of training, and stops the run at one of them."""

    def __init__(self, stop_at=None):
        super().__init__()
        self.steps, self.stop_at = 0, stop_at

    def backward(self, g_out=None):
        if self.steps == self.stop_at:
            raise Stop
        self.steps += 1
        return super().backward(g_out)

    def __repr__(self):
        return "CountingLoss()"


def data(n=50):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 4))
    return x, (x[:, 0] > x[:, 1]).astype(int) + (x[:, 2] > 1)


def model_of():
    return Sequential(
        Linear(4, 8, rng=0), BatchNorm(8), ReLU(), Dropout(0.3, rng=2), Linear(8, 8, rng=1), ReLU(), Linear(8, 3, rng=3)
    )


def train(path=None, model=None, loss=None, **kw):
    x, y = data()
    model, loss = model or model_of(), loss or CountingLoss()
    kw = {"epochs": 6, "batch_size": 8, "lr": cosine(0.05, 60), "optimizer": Adam(), "penalty": L2Penalty(0.01)} | kw
    curve = fit(model, loss, x, y, progress=False, validation=(x, y), checkpoint=path, **kw)
    return {
        "params": {name: theta.tobytes() for name, theta in model.params.items()},
        "state": {name: a.tobytes() for name, a in model.state().items()},
        "curve": [getattr(curve, name) for name in checkpoint_module.CURVE],
    }


@pytest.fixture
def every_step(monkeypatch):
    """Checkpoints at every step, so that a run may be stopped anywhere."""
    monkeypatch.setattr(checkpoint_module.Checkpoint, "due", lambda self, now: True)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # nobody pulls the plug, and it is slow


@pytest.mark.parametrize(
    ("stop_at", "optimizer"),
    [(stop_at, Adam) for stop_at in (1, 5, 6, 7, 8, 13, 14, 41)]
    + [(20, lambda: None), (20, lambda: Momentum(nesterov=True)), (20, lambda: Clipped(Adam(), max_norm=0.1))],
)
def test_stopped_anywhere_it_ends_the_same_for_less_work(stop_at, optimizer, tmp_path, every_step):
    undisturbed = train(optimizer=optimizer())
    path = tmp_path / "run.npz"
    with pytest.raises(Stop):
        train(path, loss=CountingLoss(stop_at), optimizer=optimizer())
    rest = CountingLoss()
    assert train(path, loss=rest, optimizer=optimizer(), resume=True) == undisturbed
    assert rest.steps == 42 - stop_at
    assert os.listdir(tmp_path) == ["run.npz"]


def test_checkpoints_change_nothing_about_the_run(tmp_path, every_step):
    assert train(tmp_path / "c") == train()


def test_no_file_is_a_fresh_start(tmp_path):
    assert train(tmp_path / "c", resume=True) == train()


def test_a_finished_run_does_no_work(tmp_path):
    path = tmp_path / "c"
    finished = train(path)
    written = path.stat().st_mtime_ns
    again = CountingLoss()
    assert train(path, loss=again, resume=True) == finished
    assert again.steps == 0
    assert path.stat().st_mtime_ns == written


def test_more_epochs_go_on_as_if_they_had_been_asked_for_at_once(tmp_path):
    train(tmp_path / "c", epochs=2)
    rest = CountingLoss()
    assert train(tmp_path / "c", loss=rest, epochs=6, resume=True) == train(epochs=6)
    assert rest.steps == 28


def test_one_generator_for_dropout_and_shuffling(tmp_path, every_step):
    def shared(**kw):
        rng = np.random.default_rng(7)
        model = Sequential(Linear(4, 8, rng=0), Dropout(0.5, rng=rng), Linear(8, 3, rng=1))
        return train(model=model, rng=rng, **kw)

    undisturbed = shared()
    with pytest.raises(Stop):
        shared(path=tmp_path / "c", loss=CountingLoss(10))
    assert shared(path=tmp_path / "c", resume=True) == undisturbed


def test_without_resume_it_starts_anew(tmp_path):
    train(tmp_path / "c")
    loss = CountingLoss()
    train(tmp_path / "c", loss=loss)
    assert loss.steps == 42


class Clock:
    """Time that passes only where the test says so: a second a step, and `cost` seconds a checkpoint."""

    def __init__(self, monkeypatch, cost):
        self.now, self.written_at = 0.0, []
        monkeypatch.setattr("graph.training.fit.perf_counter", self.read)
        monkeypatch.setattr(checkpoint_module, "perf_counter", self.read)

        def write(path, kind, arrays):
            self.now += cost
            self.written_at.append(int(arrays["place/step"]))
            write_archive(path, kind, arrays)

        monkeypatch.setattr(checkpoint_module, "write_archive", write)

    def read(self):
        return self.now


@pytest.mark.parametrize(("cost", "expected"), [(0.12, [7, 10, 13]), (1.03, [7, 28]), (10.0, [7])])
def test_written_after_the_first_epoch_then_as_often_as_five_percent_pays_for(cost, expected, tmp_path, monkeypatch):
    clock = Clock(monkeypatch, cost)

    class Second(CountingLoss):
        def backward(self, g_out=None):
            clock.now += 1.0
            return super().backward(g_out)

    train(tmp_path / "c", loss=Second())
    assert clock.written_at[: len(expected)] == expected
    assert clock.written_at[-1] == 42
    assert (len(clock.written_at) - 2) * cost <= 0.05 * clock.now


def test_written_inside_a_long_first_epoch(tmp_path, monkeypatch):
    clock = Clock(monkeypatch, 0.001)

    class Slow(CountingLoss):
        def backward(self, g_out=None):
            clock.now += 10.0
            return super().backward(g_out)

    train(tmp_path / "c", loss=Slow(), epochs=1)
    assert clock.written_at[0] == 3


def other_model():
    return Sequential(
        Linear(4, 8, rng=0), BatchNorm(8), ReLU(), Dropout(0.4, rng=2), Linear(8, 8, rng=1), ReLU(), Linear(8, 3, rng=3)
    )


OTHER = [
    ({"batch_size": 9}, "batch_size was 8, is 9"),
    ({"rng": 1}, "rng was 0, is 1"),
    ({"optimizer": Momentum()}, r"optimizer was Adam\(.*\), is Momentum\(0\.9\)"),
    ({"optimizer": Adam(0.8)}, "optimizer was"),
    ({"optimizer": None}, r"optimizer was Adam\(.*is None"),
    ({"penalty": None}, "penalty was L2Penalty"),
    ({"loss": SoftmaxCrossEntropy()}, "loss was CountingLoss"),
    ({"lr": 0.05}, "lr .* was"),
    ({"epochs": 1}, "14 steps are done, epochs=1 would be 7"),
    ({"model": other_model()}, r"model was (.|\n)*Dropout"),
    ({"model": Sequential(Linear(4, 3, rng=0))}, "is of another model: it lacks 0|this model has no parameter"),
]


@pytest.mark.parametrize(("change", "words"), OTHER)
def test_a_checkpoint_of_another_run_is_refused_and_nothing_changes(change, words, tmp_path):
    path = tmp_path / "c"
    train(path, epochs=2)
    old = path.read_bytes()
    model = change.get("model", model_of())
    before = {name: theta.tobytes() for name, theta in model.params.items()}
    with pytest.raises(ValueError, match=words) as error:
        train(path, resume=True, **({"model": model} | change))
    assert str(path) in str(error.value)
    assert {name: theta.tobytes() for name, theta in model.params.items()} == before
    assert path.read_bytes() == old


def test_other_data_are_noticed(tmp_path):
    x, y = data()
    kw = {"epochs": 1, "batch_size": 8, "lr": 0.1, "progress": False, "checkpoint": tmp_path / "c"}
    fit(model_of(), CountingLoss(), x, y, **kw)
    with pytest.raises(ValueError, match="x was"):
        fit(model_of(), CountingLoss(), x + 1, y, resume=True, **kw)


def drop(name):
    def change(path):
        arrays = read_archive(path, "checkpoint")
        del arrays[name]
        write_archive(path, "checkpoint", arrays)

    return change


BROKEN = {
    "truncated": lambda p: p.write_bytes(p.read_bytes()[:-1]),
    "a model file": lambda p: write_archive(p, "model", read_archive(p, "checkpoint")),
    "no arguments": drop("arguments"),
    "no parameter": drop("params/0.W"),
    "no state": drop("state/1.running_mean"),
    "no memory of the optimizer": drop("optimizer/mean.0.W"),
    "no place": drop("place/epoch"),
    "no generator": drop("batches/now"),
    "no curve": drop("curve/losses"),
}


@pytest.mark.parametrize("bad", BROKEN)
def test_a_broken_checkpoint_is_refused_and_nothing_changes(bad, tmp_path):
    path = tmp_path / "c"
    train(path, epochs=2)
    BROKEN[bad](path)
    model, optimizer = model_of(), Adam()
    before = {name: a.tobytes() for name, a in {**model.params, **model.state()}.items()}
    with pytest.raises(ValueError, match=r"c\b"):
        train(path, model=model, optimizer=optimizer, resume=True)
    assert {name: a.tobytes() for name, a in {**model.params, **model.state()}.items()} == before
    assert optimizer.state() == {}


def test_an_unwritable_place_is_refused_before_training(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none" / "c", tmp_path / "file" / "c", tmp_path):
        loss = CountingLoss()
        with pytest.raises(OSError, match="cannot write the checkpoint"):
            train(path, loss=loss)
        assert loss.steps == 0


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "c"
    train(path, epochs=1)
    old = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="cannot write the checkpoint: No space left on device"):
        train(path, epochs=2, resume=True)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == ["c"]


class CtrlC(CountingLoss):
    """Presses Ctrl-C in the middle of one step."""

    def __init__(self, at):
        super().__init__()
        self.at = at

    def backward(self, g_out=None):
        if self.steps == self.at:
            os.kill(os.getpid(), signal.SIGINT)
        return super().backward(g_out)


def test_ctrl_c_in_a_script_finishes_the_step_writes_and_is_raised(tmp_path):
    path = tmp_path / "c"
    stopped = CtrlC(at=9)
    with pytest.raises(KeyboardInterrupt):
        train(path, loss=stopped)
    assert stopped.steps == 10
    rest = CountingLoss()
    assert train(path, loss=rest, resume=True) == train()
    assert rest.steps == 32
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_in_a_notebook_gives_the_curve(tmp_path, monkeypatch):
    monkeypatch.setattr("graph.training.fit.notebook_shell", lambda: object())
    result = train(tmp_path / "c", loss=CtrlC(at=9))
    assert len(result["curve"][0]) == 10


def test_in_a_thread_there_is_no_signal_to_catch(tmp_path):
    results = []
    thread = threading.Thread(target=lambda: results.append(train(tmp_path / "c")))
    thread.start()
    thread.join()
    assert results == [train()]


def test_no_pickle_inside(tmp_path):
    train(tmp_path / "c", epochs=1)
    with np.load(tmp_path / "c", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file)
        assert json.loads(str(file["arguments"]))["batch_size"] == "8"


def test_the_clock_of_the_checkpoints_is_the_real_one():
    assert checkpoint_module.perf_counter is time.perf_counter
