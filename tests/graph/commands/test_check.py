"""`layerwise check`: the whole kit, one's own layer, and its exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

import losses
from graph.checking.broken_layers import InPlace, TwiceMean
from graph.checking.kit import kit
from graph.cli import main

MINE = """
import numpy as np
from layers import Layer

class Mine(Layer):
    def forward(self, x_in):
        self.x_in = x_in
        return x_in**3

    def backward(self, g_out):
        return 3 * g_out * self.x_in**2, {}

class Needy(Mine):
    def __init__(self, power):
        self.power = power

class WithExample(Mine):
    @classmethod
    def example(cls, rng):
        return cls(), np.ones((2, 2))

instance = Mine()
own = WithExample()
number = 3
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a module of the user's, where the user stands."""
    (tmp_path / "minemodule.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    sys.modules.pop("minemodule", None)


def test_the_kit_is_green(capsys):
    assert main(["check"]) == 0
    text = capsys.readouterr().out
    assert f"{len(kit())} layers and losses, all ok" in text
    assert "WRONG" not in text
    assert "not tried" not in text
    for name in ("Linear", "ReLU", "Conv2d", "SoftmaxCrossEntropy", "L2Penalty"):
        assert f"\n  {name} " in text


def test_one_broken_layer_in_the_kit_is_status_one(capsys, monkeypatch):
    monkeypatch.setattr(losses, "TwiceMean", TwiceMean, raising=False)
    monkeypatch.setattr(losses, "InPlace", InPlace, raising=False)
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "2 of them WRONG" in text
    assert "TwiceMean: gradients: dJ/dy_hat is wrong" in text
    assert "InPlace: purity: backward writes into g_out" in text


@pytest.mark.parametrize(
    ("argv", "status", "words"),
    [
        (["minemodule:Mine", "--input", "5,4"], 0, "Mine(): ok"),
        (["minemodule:instance", "--input", "5,4"], 0, "Mine(): ok"),
        (["minemodule:WithExample"], 0, "WithExample(): ok"),
        (["minemodule:own"], 0, "WithExample(): ok"),
        (["minemodule:Mine", "--input", "5,4", "--strict"], 1, "Mine(): WRONG"),
        (["graph.checking.broken_layers:BiasForEach"], 1, "db is g_out itself: sum over the batch"),
        (["layers:Linear"], 0, "Linear(4 -> 3): ok"),
    ],
)
def test_a_layer_of_ones_own(argv, status, words, capsys, here):
    assert main(["check", *argv]) == status
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["minemodule"], "LAYER must be module:Name, like mymodule:MyLayer, got 'minemodule'"),
        (["nosuchmodule:A"], "cannot import nosuchmodule"),
        (["minemodule:Nobody"], "minemodule has no Nobody"),
        (["minemodule:number"], "must be a Layer (class MyLayer(Layer): ...), got 3"),
        (["minemodule:Mine"], "has no example(rng): say the shape of its input, like --input 5,4"),
        (["minemodule:Needy", "--input", "3"], "cannot be made without arguments"),
        (["--input", "5,4"], "--input goes with a layer of your own"),
    ],
)
def test_a_question_ill_put_is_status_two_and_one_line(argv, words, capsys, here):
    assert main(["check", *argv]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_from_the_folder_of_the_module(here):
    root = Path(__file__).parents[3]
    argv = [sys.executable, "-m", "graph", "check", "minemodule:Mine", "--input", "5,4"]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=here, env={"PYTHONPATH": str(root)}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Mine(): ok" in done.stdout
