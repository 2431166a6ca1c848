"""SIGKILL at any moment: the resumed run ends bit for bit as the undisturbed one, and has done less work."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "tests.graph.training.killed_run"]


def start(path):
    process = subprocess.Popen([*COMMAND, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    return process


def finish(path):
    """The end of a run that is left alone: what it printed, and how long it took."""
    process, begun = start(path), time.perf_counter()
    with process:
        told, error = process.stdout.read(), process.stderr.read()
    assert process.returncode == 0, error
    return json.loads(told), time.perf_counter() - begun


def kill_and_resume(folder, kills, seed):
    undisturbed, seconds = finish(str(folder / "whole"))
    assert undisturbed["steps"] == undisturbed["of"] == 1500
    rng, written = random.Random(seed), 0
    for i in range(kills):
        path = folder / f"run{i}"
        process = start(str(path))
        time.sleep(rng.random() * 0.9 * seconds)
        with process:
            process.kill()
        resumed = path.exists()
        written += resumed
        ended, _ = finish(str(path))
        assert ended["end"] == undisturbed["end"]
        assert ended["of"] == 1500
        assert (ended["steps"] < 1500) == resumed
        assert os.path.exists(path)
        assert not os.path.exists(folder / f".run{i}.tmp")  # what a killed write has left is gone
    return written


def test_killed_once(tmp_path):
    kill_and_resume(tmp_path, kills=1, seed=0)


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path):
    assert kill_and_resume(tmp_path, kills=24, seed=1) >= 12  # most kills come when there is a checkpoint to go on from
