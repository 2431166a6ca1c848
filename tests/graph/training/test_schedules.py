"""Schedules at steps worked out by hand, and driving a run."""

import numpy as np
import pytest

from graph import fit, sgd
from graph.training.schedules import constant, cosine, step_decay, warm_up
from layers import Linear
from losses import L2Loss


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (constant(0.5), [0.5, 0.5, 0.5, 0.5, 0.5]),
        (step_decay(0.8, every=2, factor=0.5), [0.8, 0.8, 0.4, 0.4, 0.2]),
        (cosine(1.0, steps=3, end=0.2), [1.0, 0.8, 0.4, 0.2, 0.2]),
        (warm_up(0.6, steps=3), [0.2, 0.4, 0.6, 0.6, 0.6]),
        (warm_up(step_decay(0.6, every=2, factor=0.5), steps=3), [0.2, 0.4, 0.3, 0.3, 0.15]),
    ],
)
def test_by_hand(schedule, expected):
    np.testing.assert_allclose([schedule(step) for step in range(5)], expected, rtol=1e-12)


def test_the_run_asks_with_the_step_number():
    model, asked = Linear(1, 1, rng=0), []
    steps = list(
        sgd(
            model,
            L2Loss(),
            [[1.0]] * 3,
            [[0.0]] * 3,
            epochs=2,
            batch_size=2,
            lr=lambda step: asked.append(step) or 0.1 / (step + 1),
        )
    )
    assert asked == [0, 1, 2, 3] == [step.step for step in steps]
    assert [step.lr for step in steps] == [0.1 / (step + 1) for step in range(4)]
    assert [step.epoch for step in steps] == [0, 0, 1, 1]


@pytest.mark.parametrize("lr", [float("nan"), -0.1, None, "0.1"])
def test_a_schedule_that_gives_no_number_is_refused_before_anything_moves(lr):
    model = Linear.from_arrays([[2.0]])
    with pytest.raises((TypeError, ValueError), match="lr must be"):
        fit(model, L2Loss(), [[1.0]], [[0.0]], epochs=1, batch_size=1, lr=lambda step: lr, progress=False)
    assert model.params["W"] == 2.0


@pytest.mark.parametrize("make", [lambda: constant(-1.0), lambda: step_decay(0.1, every=0), lambda: cosine(0.1, 2.5)])
def test_bad_arguments(make):
    with pytest.raises((TypeError, ValueError), match=r"(lr|every|steps) must be"):
        make()


def test_numpy_numbers_are_numbers():
    lr, steps = np.float32(0.5), np.int64(4)
    made = [constant(lr), step_decay(lr, steps), cosine(lr, steps, end=np.float64(0.0)), warm_up(lr, steps)]
    assert [type(schedule(0)) for schedule in made] == [float] * 4
