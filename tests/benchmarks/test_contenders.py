"""The benchmark compares like with like: every contender goes through the same costs, step by step."""

import pytest

from tests.benchmarks.functional_steps import autograd_tape
from tests.benchmarks.kit_steps import kit
from tests.benchmarks.numpy_steps import script
from tests.benchmarks.torch_steps import torch_eager
from tests.benchmarks.works import WORKS

SMALL = [work for work in WORKS if work.name != "W4"]  # seconds a step


def costs(step):
    """Of the first three steps; a tensor is cut off from its tape."""
    Js = [step() for _ in range(3)]
    return [float(J.detach() if hasattr(J, "detach") else J) for J in Js]


@pytest.mark.parametrize("work", SMALL, ids=lambda work: work.name)
def test_the_script_goes_through_the_costs_of_the_kit(work):
    ours = costs(kit(work, "float64"))
    assert ours == pytest.approx(costs(script(work, "float64")), rel=1e-10)
    assert len(set(ours)) == 3 or work.widths[-1] == 1  # it learns; one class has no cost


@pytest.mark.parametrize(
    "work", [work for work in SMALL if work.kind in ("mlp", "residual")], ids=lambda work: work.name
)
def test_autograd_goes_through_the_costs_of_the_kit(work):
    step = autograd_tape(work, "float64")
    assert costs(kit(work, "float64")) == pytest.approx(costs(step), rel=1e-10)


@pytest.mark.parity
@pytest.mark.parametrize("work", SMALL, ids=lambda work: work.name)
def test_torch_goes_through_the_costs_of_the_kit(work):
    pytest.importorskip("torch")
    assert costs(kit(work, "float64")) == pytest.approx(costs(torch_eager(work, "float64", 1)), rel=1e-8)
