"""The README keeps its word: its code prints what stands below it, its folders exist, it has two set-up commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", README, re.S)


def test_every_python_block_says_what_it_prints():
    assert len(EXAMPLES) == README.count("```python\n") >= 2


@pytest.mark.parametrize(("code", "printed"), EXAMPLES, ids=["gradient", "own layer"])
def test_code_prints_what_stands_below_it(code, printed):
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout == printed


def test_the_gradient_stands_beside_an_equal_finite_difference():
    analytic, numeric = re.findall(r"by (?:backward|finite difference) +(-?[\d.]+)$", EXAMPLES[0][1], re.M)
    assert analytic == numeric
    assert float(analytic) != 0


def test_two_set_up_commands_make_their_own_environment():
    block = re.search(r"```sh\n(.*?)```", README, re.S)[1]
    main, test = re.sub(r"\\\n\s*", "", block).splitlines()
    assert main.startswith("python3 -m venv .venv && ")
    assert main.endswith("layerwise train digits")
    assert test.startswith("python3 -m venv .venv && ")
    assert test.split("&&")[-1].strip().endswith("pytest")


def test_what_it_points_at_exists():
    named = re.findall(r"^\| `(\S+?)` \|", README, re.M) + re.findall(r"\]\(([^)#:]+)\)", README)
    named += re.findall(r"`((?:layers|losses|graph|tests|notebooks)/\S*?)`", README)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
