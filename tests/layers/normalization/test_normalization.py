"""Normalizations: what they keep, what they do not feel, and how BatchNorm runs in evaluation."""

import numpy as np
import pytest

from graph import Sequential
from layers import (
    BatchNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    Linear,
    LocalResponseNorm,
    ParameterNameError,
    RMSNorm,
    ShapeError,
)

RNG = np.random.default_rng(0)
SHAPES = [(6, 3), (4, 3, 5), (2, 3, 4, 2)]


@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm_standardizes_each_channel(shape):
    x_in = RNG.normal(3.0, 5.0, size=shape)
    channels = np.moveaxis(BatchNorm(3, eps=0.0).forward(x_in), 1, 0).reshape(3, -1)
    np.testing.assert_allclose(channels.mean(1), 0.0, atol=1e-12)
    np.testing.assert_allclose(channels.var(1), 1.0, rtol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_running_statistics_follow_the_batches(shape):
    layer = BatchNorm(3, momentum=0.25)
    mean, var = np.zeros(3), np.ones(3)
    for _ in range(3):
        x_in = RNG.normal(3.0, 5.0, size=shape)
        layer.forward(x_in)
        channels = np.moveaxis(x_in, 1, 0).reshape(3, -1)
        mean, var = 0.75 * mean + 0.25 * channels.mean(1), 0.75 * var + 0.25 * channels.var(1, ddof=1)
    np.testing.assert_allclose(layer.state()["running_mean"], mean, rtol=1e-12)
    np.testing.assert_allclose(layer.state()["running_var"], var, rtol=1e-12)


def test_evaluation_uses_the_running_statistics_and_moves_nothing():
    layer = BatchNorm(2, eps=0.0)
    layer.load_state({"running_mean": [1.0, 2.0], "running_var": [4.0, 9.0]})
    layer.eval()
    np.testing.assert_array_equal(layer.forward([[3.0, 2.0], [5.0, 8.0]]), [[1.0, 0.0], [2.0, 2.0]])
    np.testing.assert_array_equal(layer.backward([[6.0, 6.0], [0.0, 3.0]])[0], [[3.0, 2.0], [0.0, 1.0]])
    np.testing.assert_array_equal(layer.state()["running_mean"], [1.0, 2.0])


def test_forward_moves_the_statistics_and_backward_does_not():
    layer = BatchNorm(3)
    x_in = RNG.normal(size=(5, 3))
    x_out = layer.forward(x_in)
    before = layer.state()
    layer.backward(x_out)
    np.testing.assert_array_equal(layer.state()["running_mean"], before["running_mean"])
    layer.forward(x_in)
    assert (layer.state()["running_mean"] != before["running_mean"]).all()


def test_state_is_a_copy_and_a_tied_layer_has_its_own():
    layer = BatchNorm(3)
    layer.state()["running_mean"][...] = 7.0
    other = layer.tied()
    other.forward(RNG.normal(size=(5, 3)))
    assert not layer.running_mean.any()
    assert other.running_mean.any()


def test_state_goes_through_a_container_and_predict_leaves_it_alone():
    model = Sequential(Linear(3, 2, rng=0), BatchNorm(2))
    model.forward(RNG.normal(size=(8, 3)))
    state = model.state()
    assert list(state) == ["1.running_mean", "1.running_var"]
    model.predict(RNG.normal(size=(8, 3)))
    np.testing.assert_array_equal(model.state()["1.running_var"], state["1.running_var"])
    other = Sequential(Linear(3, 2, rng=0), BatchNorm(2))
    other.load_state(state)
    x = RNG.normal(size=(4, 3))
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"running_median": np.ones(2)}, ParameterNameError),
        ({"running_mean": np.ones(2), "running_var": np.ones(3)}, ShapeError),
    ],
)
def test_a_wrong_state_is_refused_and_changes_nothing(state, error):
    layer = BatchNorm(2)
    with pytest.raises(error):
        layer.load_state(state)
    np.testing.assert_array_equal(layer.running_mean, np.zeros(2))


def test_one_value_a_channel_cannot_be_trained_on():
    with pytest.raises(ShapeError, match="two or more values"):
        BatchNorm(2).forward(np.ones((1, 2)))
    BatchNorm(2).eval().forward(np.ones((1, 2)))


def test_an_empty_batch_in_training_moves_nothing():
    layer = BatchNorm(2)
    assert layer.forward(np.ones((0, 2, 3))).shape == (0, 2, 3)
    np.testing.assert_array_equal(layer.running_mean, np.zeros(2))


def test_groups_between_the_two_ends():
    """One group of all channels is a LayerNorm over the datapoint, groups of one channel are an InstanceNorm."""
    x_in = RNG.normal(2.0, 3.0, size=(4, 6, 3, 2))
    np.testing.assert_allclose(
        GroupNorm(1, 6).forward(x_in), LayerNorm((6, 3, 2)).forward(x_in), rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(GroupNorm(6, 6).forward(x_in), InstanceNorm(6).forward(x_in), rtol=1e-12, atol=1e-12)
    three = GroupNorm(3, 6, eps=0.0).forward(x_in).reshape(4, 3, -1)
    np.testing.assert_allclose(three.mean(2), 0.0, atol=1e-12)
    np.testing.assert_allclose(three.var(2), 1.0, rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "axes"),
    [
        (BatchNorm(3, eps=0.0), (0, 2)),
        (LayerNorm((3, 4), eps=0.0), (1, 2)),
        (InstanceNorm(3, eps=0.0), (2,)),
        (GroupNorm(1, 3, eps=0.0), (1, 2)),
    ],
)
def test_the_gradient_neither_shifts_nor_stretches(layer, axes):
    """x_out does not feel a shift or a stretch of the entries that share a mean, so g_in has no part along either."""
    x_in = RNG.normal(2.0, 3.0, size=(5, 3, 4))
    layer.forward(x_in)
    g_in, _ = layer.backward(RNG.normal(size=(5, 3, 4)))
    np.testing.assert_allclose(g_in.sum(axes), 0.0, atol=1e-13)
    np.testing.assert_allclose((g_in * x_in).sum(axes), 0.0, atol=1e-12)


def test_rms_norm_does_not_feel_a_stretch_but_feels_a_shift():
    layer, x_in = RMSNorm(4, eps=0.0), RNG.normal(size=(3, 4))
    np.testing.assert_allclose(layer.forward(5 * x_in), layer.forward(x_in), rtol=1e-12)
    assert (layer.forward(x_in + 1) != layer.forward(x_in)).any()


def test_local_response_norm_is_the_papers():
    layer = LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
    x_in = RNG.normal(0.0, 50.0, size=(8, 2, 2))
    for c in range(8):
        around = x_in[max(0, c - 2) : c + 3]
        expected = x_in[c] / (2.0 + 1e-4 * (around**2).sum(0)) ** 0.75
        np.testing.assert_allclose(layer.forward(x_in)[c], expected, rtol=1e-12)


@pytest.mark.parametrize(
    "layer", [BatchNorm(3), LayerNorm((3, 2)), RMSNorm((3, 2)), GroupNorm(1, 3), InstanceNorm(3), LocalResponseNorm(3)]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_inputs_stay_finite(layer, dtype):
    x_in = (1e4 + RNG.normal(size=(4, 3, 2, 2))[..., :2]).astype(dtype)
    x_in = x_in[..., 0] if isinstance(layer, LayerNorm) else x_in
    if layer.params:
        layer.params = {name: theta.astype(dtype) for name, theta in layer.params.items()}
    x_out = layer.forward(x_in)
    assert x_out.dtype == dtype
    assert np.isfinite(layer.backward(x_out)[0]).all()


def test_affine_and_bias_are_options():
    assert list(BatchNorm(3, affine=False).params) == []
    assert list(LayerNorm(3, bias=False).params) == ["gamma"]
    assert list(RMSNorm(3).params) == ["gamma"]
    assert list(GroupNorm(1, 3).params) == ["gamma", "beta"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GroupNorm(2, 3), "n_groups"),
        (lambda: BatchNorm(0), "n_features"),
        (lambda: BatchNorm(3, momentum=2.0), "momentum"),
        (lambda: LayerNorm(3, eps=-1.0), "eps"),
        (lambda: LocalResponseNorm(0), "size"),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
