"""`layerwise steps` and `layerwise draw`: what they print, what they write, what they refuse."""

import pytest

from graph.cli import main
from graph.commands.draw import DRAWINGS


def test_steps_prints_a_line_a_step_and_writes_the_page(tmp_path, capsys):
    out = tmp_path / "new" / "steps.html"
    assert main(["steps", "--sizes", "5,4,3,2", "--batch", "2", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert text.count("Linear(") == 6
    assert text.rstrip().endswith(f"written: {out}")
    assert out.read_text().count("<details") == 12


def test_the_seed_decides(tmp_path, capsys):
    texts = []
    for seed in ("1", "1", "2"):
        main(["steps", "--seed", seed, "--out", str(tmp_path / "steps.html")])
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(("loss", "name"), [("softmax", "SoftmaxCrossEntropy"), ("svm", "SVMLoss"), ("l2", "L2Loss")])
def test_the_loss_is_the_one_asked_for(tmp_path, capsys, loss, name):
    assert main(["steps", "--loss", loss, "--out", str(tmp_path / "steps.html")]) == 0
    assert f"Sequential, {name}" in capsys.readouterr().out


@pytest.mark.parametrize("what", DRAWINGS)
def test_draw_writes_the_picture(tmp_path, capsys, what):
    out = tmp_path / f"{what}.png"
    assert main(["draw", what, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out == f"written: {out}\n"


def test_draw_writes_other_formats(tmp_path):
    assert main(["draw", "mlp", "--sizes", "3,2", "--out", str(tmp_path / "mlp.svg")]) == 0
    assert "<svg" in (tmp_path / "mlp.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["steps", "--sizes", "4"], "--sizes needs at least two widths"),
        (["draw", "mlp", "--sizes", "4"], "--sizes needs at least two widths"),
        (["draw", "--out", "circuit.nothing"], "cannot write circuit.nothing"),
        (["steps", "--out", "/proc/nowhere/steps.html"], "cannot write /proc/nowhere/steps.html"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
