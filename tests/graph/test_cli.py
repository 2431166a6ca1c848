"""The command, run as a process, as a user runs it: its main job, each source of data, each question ill put."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph import Sequential, load
from graph.data import load as load_data
from layers import Linear, ReLU

ROOT = Path(__file__).parents[2]


def layerwise(*args, cwd, **environment):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment}
    command = [sys.executable, "-W", "error", "-m", "graph", *args]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)


def accuracy(done, part="test "):
    return float(re.search(rf"^{part} loss [\d.]+, accuracy ([\d.]+)%$", done.stdout, re.M)[1])


def write_csv(path):
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 60) * 4 + 1  # classes called 1 and 5
    x = np.stack([1e4 + 50 * y + rng.normal(0, 20, 60), rng.normal(0, 1e-3, 60)], axis=1)
    path.write_text("length,width,kind\n" + "".join(f"{a},{b},{c}\n" for (a, b), c in zip(x, y, strict=True)))
    return x, y


def test_main_job(tmp_path):
    done = layerwise("train", "digits", "--epochs", "8", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1438 datapoints to train on, 359 to test, 10 classes" in done.stdout
    assert accuracy(done) > 95
    assert accuracy(done, "train") > 97
    assert "1/360" not in done.stdout  # progress goes to stderr
    assert "360/360" in done.stderr
    out = tmp_path / "runs" / "digits"
    assert sorted(path.name for path in out.iterdir()) == ["loss_curve.csv", "loss_curve.png", "model.npz"]
    assert (out / "loss_curve.png").read_bytes().startswith(b"\x89PNG")
    with open(out / "loss_curve.csv", newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    assert len(losses) == 8 * 45
    assert np.mean(losses[-45:]) < 0.2 * np.mean(losses[:10])

    model = Sequential(Linear(64, 128, rng=9), ReLU(), Linear(128, 64, rng=9), ReLU(), Linear(64, 10, rng=9))
    load(model, out / "model.npz")
    data = load_data("digits")
    right = (model.predict(data.x_test).argmax(1) == data.y_test).mean()
    assert round(100 * right, 2) == accuracy(done)


@pytest.mark.parametrize("source", ["spiral", "moons", "xor"])
def test_data_made_on_the_spot_is_learnt(tmp_path, source):
    done = layerwise("train", source, "--out", "here", "--dtype", "float32", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert accuracy(done) > 93
    assert (tmp_path / "here" / "model.npz").exists()


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_the_saved_model_takes_the_file_as_it_stands(tmp_path, suffix):
    x, y = write_csv(tmp_path / "mine.csv")
    np.savez(tmp_path / "mine.npz", x=x, y=y)
    done = layerwise("train", f"mine.{suffix}", "--hidden", "8", "--batch-size", "8", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    model = Sequential(Linear(2, 8, rng=0), ReLU(), Linear(8, 2, rng=0))
    load(model, tmp_path / "runs" / "mine" / "model.npz")
    assert (model.predict(x).argmax(1) == (y == 5)).mean() > 0.95


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam"])
def test_options_reach_the_training(tmp_path, capsys, optimizer):
    from graph.cli import main

    args = ["train", "moons", "--epochs", "25", "--hidden", "16", "--penalty", "1e-4", "--loss", "svm"]
    assert main([*args, "--optimizer", optimizer, "--out", str(tmp_path)]) == 0
    assert float(re.search(r"test .*accuracy ([\d.]+)%", capsys.readouterr().out)[1]) > 90


def test_one_seed_one_result(tmp_path):
    from graph.cli import main

    for out, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        args = ["train", "xor", "--quiet", "--epochs", "2", "--seed", seed, "--out", str(tmp_path / out)]
        assert main(args) == 0
    a, b, c = ((tmp_path / out / "loss_curve.csv").read_text() for out in "abc")
    assert a == b
    assert a != c


BAD = {
    "no such file": (["nowhere.csv"], "nowhere.csv: no such file"),
    "no such data": (["digit"], "digit: expected digits, spiral, moons, xor, FILE.npz or FILE.csv"),
    "ragged row": (["ragged.csv"], "ragged.csv, line 3: expected 3 columns as above, got 2"),
    "text": (["text.csv"], "text.csv, line 2, column 1: expected a number, got three"),
    "not a number": (["nan.csv"], "nan.csv, line 2, column 2: expected a finite number, got nan"),
    "one class": (["one.csv"], "one.csv: a classifier needs two classes or more, got 1 in 2 rows"),
    "pickled": (["pickled.npz"], "pickled.npz: holds Python objects, which are never opened"),
    "learning rate": (["xor", "--lr", "nan"], "argument --lr: expected a number above 0, got 'nan'"),
    "epochs": (["xor", "--epochs", "-1"], "argument --epochs: expected a whole number, 0 or more, got '-1'"),
    "batch size": (["xor", "--batch-size", "0"], "argument --batch-size: expected a whole number, 1 or more, got '0'"),
    "seed": (["xor", "--seed", "x"], "argument --seed: expected a whole number, 0 or more, got 'x'"),
    "penalty": (["xor", "--penalty", "x"], "argument --penalty: expected a number 0 or more, got 'x'"),
    "hidden": (["xor", "--hidden", "8,x"], "argument --hidden: expected widths separated by commas, like 128,64"),
    "optimizer": (["xor", "--optimizer", "adm"], "argument --optimizer: invalid choice: 'adm'"),
    "out is a file": (["xor", "--out", "one.csv"], "--out one.csv: File exists"),
}


@pytest.mark.parametrize(("args", "message"), BAD.values(), ids=BAD.keys())
def test_a_question_ill_put_gets_one_line_and_status_2(tmp_path, args, message):
    texts = {"ragged": "1,2,0\n3,4,1\n5,6\n", "text": "1,2,0\nthree,4,1\n", "nan": "1,2,0\n3,nan,1\n"}
    for name, text in {**texts, "one": "1,2,0\n3,4,0\n"}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    np.savez(tmp_path / "pickled.npz", x=np.array([[1.0], [2.0]], dtype=object), y=np.array([0, 1]))
    done = layerwise("train", *args, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("layerwise train: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_a_run_that_diverges_says_so_in_one_line(tmp_path):
    done = layerwise("train", "xor", "--optimizer", "sgd", "--lr", "1e30", "--quiet", cwd=tmp_path)
    assert done.returncode == 1
    assert "lr" in done.stderr
    assert done.stderr.startswith("layerwise train: ")
    assert done.stderr.count("\n") == 1


def test_help_names_every_command_and_every_option(tmp_path):
    done = layerwise("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert re.search(r"^ +train +Train a classifier", done.stdout, re.M)
    assert re.search(r"^ +info +Say what", done.stdout, re.M)
    done = layerwise("train", "--help", cwd=tmp_path)
    assert done.returncode == 0
    options = ("hidden", "epochs", "batch-size", "lr", "optimizer", "loss", "penalty", "seed", "dtype", "out", "quiet")
    for option in options:
        assert f"--{option} " in done.stdout or f"--{option}\n" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120


def test_help_loads_nothing_slow(tmp_path):
    code = "import sys\nfrom graph.cli import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass\n"
    code += "slow = {'matplotlib', 'sklearn', 'tqdm', 'IPython'} & set(sys.modules)\nassert not slow, slow"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_interrupted_run_ends_in_one_line(monkeypatch, capsys):
    from graph import cli
    from graph.commands import info

    def interrupted(args):
        raise KeyboardInterrupt

    monkeypatch.setattr(info, "run", interrupted)
    assert cli.main(["info"]) == 130
    assert capsys.readouterr().err == "\nlayerwise info: interrupted\n"


def test_no_command_is_a_question_ill_put(tmp_path):
    done = layerwise(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "COMMAND" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_digits_reach_97_percent_within_five_seconds(tmp_path, seed):
    done = layerwise("train", "digits", "--seed", str(seed), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert accuracy(done) >= 97
    assert float(re.search(r"in ([\d.]+) s", done.stdout)[1]) < 5
