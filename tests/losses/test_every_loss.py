"""The laws that every loss keeps: equation 14.11, a gradient of the value it reports, purity, dtypes, refusals."""

import numpy as np
import pytest

from layers import BackwardBeforeForwardError, ShapeError
from tests.losses.found import LOSSES, REDUCTIONS, assert_same, each, example, numeric_gradient, wires

every_loss = pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
every_reduction = pytest.mark.parametrize("reduction", REDUCTIONS)


def test_the_losses_are_found():
    names = {c.__name__ for c in LOSSES}
    assert {"L2Loss", "L1Loss", "HuberLoss", "SoftmaxCrossEntropy", "BinaryCrossEntropy", "SVMLoss"} <= names


@every_loss
@every_reduction
def test_gradient_is_the_derivative_of_the_value_reported(cls, reduction):
    loss, y_hat, y = example(cls, reduction)
    J = loss.forward(y_hat, y)
    g_out = np.random.default_rng(1).normal(size=np.shape(J))
    g_in, param_grads = loss.backward(g_out)
    assert param_grads == {}
    numeric = numeric_gradient(lambda at: np.sum(loss.forward(at, y) * g_out), y_hat)
    assert_same(g_in, numeric, rtol=1e-6, atol=1e-8)


@every_loss
@every_reduction
def test_no_g_out_means_ones(cls, reduction):
    loss, y_hat, y = example(cls, reduction)
    J = loss.forward(y_hat, y)
    assert_same(loss.backward()[0], loss.backward(np.ones(np.shape(J)))[0], rtol=0, atol=0)


@every_loss
def test_the_reductions_agree_with_each_other(cls):
    each_J = example_J(cls, "none")
    N = len(wires(example(cls)[1])[0])
    assert each_J.shape == (N,)
    np.testing.assert_allclose(example_J(cls, "sum"), each_J.sum(), rtol=1e-12)
    np.testing.assert_allclose(example_J(cls, "mean"), each_J.sum() / N, rtol=1e-12)


def example_J(cls, reduction):
    loss, y_hat, y = example(cls, reduction)
    return loss.forward(y_hat, y)


@every_loss
def test_equation_14_11_the_batch_gradient_is_the_mean_of_the_datapoints_gradients(cls):
    loss, y_hat, y = example(cls)
    J = loss.forward(y_hat, y)
    g_in, _ = loss.backward()
    N = len(y)
    of_each = []
    for i in range(N):
        J_i = loss.forward(each(y_hat, lambda x, i=i: x[i]), y[i])
        of_each.append((J_i, loss.backward()[0]))
    np.testing.assert_allclose(J, np.mean([J_i for J_i, _ in of_each]), rtol=1e-12)
    for k, g in enumerate(wires(g_in)):
        stacked = np.stack([wires(g_i)[k] for _, g_i in of_each])
        np.testing.assert_allclose(g, stacked / N, rtol=1e-12, atol=1e-15)


@every_loss
@every_reduction
def test_a_single_datapoint_is_a_batch_of_one(cls, reduction):
    loss, y_hat, y = example(cls, reduction)
    J = loss.forward(each(y_hat, lambda x: x[0]), y[0])
    g_in, _ = loss.backward()
    assert np.shape(J) == ()
    batch_J = loss.forward(each(y_hat, lambda x: x[:1]), y[:1])
    batch_g_in, _ = loss.backward()
    np.testing.assert_array_equal(J, np.squeeze(batch_J))
    assert_same(g_in, each(batch_g_in, lambda g: g[0]), rtol=0, atol=0)


@every_loss
@every_reduction
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(cls, reduction, dtype):
    loss, y_hat, y = example(cls, reduction)
    J = loss.forward(each(y_hat, lambda x: x.astype(dtype)), y)
    assert J.dtype == dtype
    for g_out in (None, np.ones(np.shape(J))):
        for g, x in zip(wires(loss.backward(g_out)[0]), wires(y_hat), strict=True):
            assert (g.dtype, g.shape) == (dtype, x.shape)


@every_loss
@every_reduction
def test_backward_is_pure_and_repeatable(cls, reduction):
    loss, y_hat, y = example(cls, reduction)
    for array in [*wires(y_hat), y]:
        array.flags.writeable = False
    J = loss.forward(y_hat, y)
    first, _ = loss.backward()
    kept = each(first, np.copy)
    for g in wires(first):
        g += 100.0  # what the caller does with it is the caller's business
    second, _ = loss.backward()
    assert_same(second, kept, rtol=0, atol=0)
    np.testing.assert_array_equal(J, example_J(cls, reduction))
    loss.forward(each(y_hat, lambda x: x[:1] + 1), y[:1])
    assert_same(second, kept, rtol=0, atol=0)


@every_loss
def test_backward_needs_a_forward_that_went_through(cls):
    loss, y_hat, y = example(cls)
    with pytest.raises(BackwardBeforeForwardError, match=r"forward\(y_hat, y\)"):
        loss.backward()
    loss.forward(y_hat, y)
    with pytest.raises(ShapeError):
        loss.forward(y_hat, y[:-1])
    with pytest.raises(BackwardBeforeForwardError):
        loss.backward()


@every_loss
def test_a_wrong_g_out_is_refused(cls):
    loss, y_hat, y = example(cls)
    loss.forward(y_hat, y)
    with pytest.raises(ShapeError, match="g_out"):
        loss.backward(np.ones(2))


@every_loss
def test_an_empty_batch_is_refused(cls):
    loss, y_hat, y = example(cls)
    with pytest.raises(ShapeError, match="empty batch"):
        loss.forward(each(y_hat, lambda x: x[:0]), y[:0])


@every_loss
def test_a_target_with_an_axis_too_many_is_refused(cls):
    loss, y_hat, y = example(cls)
    with pytest.raises(ShapeError, match="y must be"):
        loss.forward(y_hat, y[..., None])


@every_loss
def test_a_wrong_reduction_is_refused(cls):
    with pytest.raises(ValueError, match=r"reduction must be .*'average'"):
        cls(reduction="average")


@every_loss
def test_the_repr_is_one_line_and_says_how_datapoints_are_reduced(cls):
    assert [str(example(cls, r)[0]).endswith(end) for r, end in ENDS.items()] == [True] * 3
    assert "\n" not in repr(example(cls)[0])


ENDS = {"mean": "mean over datapoints)", "sum": "sum over datapoints)", "none": "one number a datapoint)"}


@every_loss
def test_tied_gives_a_second_loss_with_its_own_memory(cls):
    loss, y_hat, y = example(cls)
    loss.forward(y_hat, y)
    g_in, _ = loss.backward()
    second = loss.tied()
    with pytest.raises(BackwardBeforeForwardError):
        second.backward()
    second.forward(each(y_hat, lambda x: x[:1]), y[:1])
    assert_same(loss.backward()[0], g_in, rtol=0, atol=0)
