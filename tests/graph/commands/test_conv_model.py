"""`layerwise train digits --model conv`: above 98.5% in under a minute on one core; only images will do."""

import re
import time

import pytest

pytest.importorskip("sklearn")

from graph.cli import main


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_digits_above_985_within_a_minute(seed, tmp_path, capsys):
    start = time.process_time()
    assert main(["train", "digits", "--model", "conv", "--seed", str(seed), "--out", str(tmp_path)]) == 0
    assert time.process_time() - start < 60
    accuracy = re.search(r"test .*accuracy ([\d.]+)%", capsys.readouterr().out)
    assert float(accuracy[1]) > 98.5


def test_one_epoch_learns_and_the_model_is_written(tmp_path, capsys):
    assert main(["train", "digits", "--model", "conv", "--epochs", "1", "--out", str(tmp_path)]) == 0
    accuracy = re.search(r"test .*accuracy ([\d.]+)%", capsys.readouterr().out)
    assert float(accuracy[1]) > 80
    assert (tmp_path / "model.npz").exists()


def test_data_without_images_is_refused(tmp_path, capsys):
    assert main(["train", "spiral", "--model", "conv", "--out", str(tmp_path)]) != 0
    assert "needs square images" in capsys.readouterr().err
