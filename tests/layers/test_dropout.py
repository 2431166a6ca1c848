"""Dropout: how much it drops, what it does to the mean, and that its generator can be kept and put back."""

import numpy as np
import pytest

from layers import Dropout, ParameterNameError


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_drops_the_share_p_and_keeps_the_mean(p):
    n = 200_000
    x_out = Dropout(p, rng=0).forward(np.ones(n))
    sigma = np.sqrt(p * (1 - p) / n)
    assert abs((x_out == 0).mean() - p) < 5 * sigma
    assert abs(x_out.mean() - 1.0) < 5 * sigma / (1 - p)
    np.testing.assert_allclose(x_out[x_out != 0], 1 / (1 - p), rtol=1e-14)


def test_backward_uses_the_mask_of_the_forward():
    layer = Dropout(0.5, rng=0)
    x_out = layer.forward(np.ones((20, 30)))
    np.testing.assert_array_equal(layer.backward(np.ones((20, 30)))[0], x_out)
    layer.eval()
    np.testing.assert_array_equal(layer.backward(np.ones((20, 30)))[0], x_out)


def test_each_forward_draws_a_new_mask_and_one_seed_gives_one_sequence():
    x = np.ones((20, 30))
    one, other = Dropout(0.5, rng=3), Dropout(0.5, rng=3)
    first, second = one.forward(x), one.forward(x)
    assert (first != second).any()
    np.testing.assert_array_equal(other.forward(x), first)
    np.testing.assert_array_equal(other.forward(x.astype(np.float32)), second)


def test_evaluation_is_the_identity_and_draws_nothing():
    layer = Dropout(0.5, rng=0).eval()
    before = layer.state()["rng"]
    x = np.random.default_rng(0).normal(size=(4, 5))
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x)[0], x)
    np.testing.assert_array_equal(layer.state()["rng"], before)


def test_state_put_back_draws_the_same_mask():
    layer, x = Dropout(0.5, rng=0), np.ones((20, 30))
    layer.forward(x)
    state = layer.state()
    x_out = layer.forward(x)
    other = Dropout(0.5, rng=99)
    other.load_state(state)
    np.testing.assert_array_equal(other.forward(x), x_out)


def test_foreign_state_is_refused():
    layer = Dropout(0.5, rng=0)
    before = layer.state()["rng"]
    with pytest.raises(ParameterNameError, match="mean"):
        layer.load_state({"mean": np.ones(3), **Dropout(0.5, rng=1).state()})
    np.testing.assert_array_equal(layer.state()["rng"], before)


def test_global_randomness_is_never_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    Dropout(0.5).forward(np.ones(10))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan")])
def test_p_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="Dropout: p"):
        Dropout(p)
