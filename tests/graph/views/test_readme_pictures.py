"""The README's pictures: there, small, and made by the script that the README names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"!\[.+?\]\((.+?)\)", README)


def test_a_circuit_a_dag_a_stepper_and_a_loss_curve_are_shown():
    assert {Path(picture).stem for picture in PICTURES} >= {"circuit", "dag", "stepper", "loss_curve"}
    assert "python notebooks/pictures/make.py" in README


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_a_small_png(picture):
    content = (ROOT / picture).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 150_000
