"""Class weights, ignored labels, smoothing, probabilities: what they mean and what they refuse."""

import numpy as np
import pytest

from layers import ShapeError
from losses import NLLLoss, SoftmaxCrossEntropy
from tests.losses.found import assert_same, numeric_gradient

BOTH = pytest.mark.parametrize("cls", [SoftmaxCrossEntropy, NLLLoss])
rng = np.random.default_rng(0)
Y_HAT, Y = rng.normal(size=(3, 4, 5)), rng.integers(5, size=(3, 4))


@BOTH
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_the_gradient_is_the_derivative_of_the_value_also_for_sequences(cls, reduction):
    loss = cls(weight=[1.0, 0.5, 2.0, 0.0, 3.0], ignore_index=1, reduction=reduction)
    loss.forward(Y_HAT, Y)
    g_in, _ = loss.backward()
    assert_same(g_in, numeric_gradient(lambda at: np.sum(loss.forward(at, Y)), Y_HAT), rtol=1e-6, atol=1e-8)


@BOTH
def test_an_option_that_changes_nothing_changes_nothing(cls):
    plain = cls().forward(Y_HAT, Y)
    np.testing.assert_allclose(cls(weight=np.ones(5)).forward(Y_HAT, Y), plain, rtol=1e-12)
    np.testing.assert_allclose(cls(ignore_index=-100).forward(Y_HAT, Y), plain, rtol=1e-12)


@BOTH
def test_an_ignored_label_is_as_if_it_were_not_there(cls):
    y = Y[0].copy()
    y[2] = -100
    loss = cls(ignore_index=-100)
    np.testing.assert_allclose(loss.forward(Y_HAT[0], y), cls().forward(Y_HAT[0, [0, 1, 3]], y[[0, 1, 3]]), rtol=1e-12)
    assert not loss.backward()[0][2].any()


@BOTH
def test_a_batch_without_a_label_that_counts_has_no_mean(cls):
    with pytest.raises(ValueError, match="no label counts"):
        cls(ignore_index=-1).forward([[0.0, 1.0]], [-1])
    assert cls(ignore_index=-1, reduction="sum").forward([[0.0, 1.0]], [-1]) == 0


@BOTH
def test_other_labels_outside_of_the_classes_are_still_refused(cls):
    with pytest.raises(ValueError, match="label -2 is not one of the 2 classes"):
        cls(ignore_index=-1).forward([[0.0, 1.0], [0.0, 1.0]], [-1, -2])


@BOTH
@pytest.mark.parametrize("weight", [[1.0, np.inf], [[1.0]], [np.nan, 1.0], 2.0])
def test_weights_that_are_none_are_refused(cls, weight):
    with pytest.raises(ValueError, match="weight"):
        cls(weight=weight)


@BOTH
def test_a_weight_for_each_class(cls):
    with pytest.raises(ShapeError, match=r"weight must be \(2,\)"):
        cls(weight=[1.0, 2.0, 3.0]).forward([[0.0, 1.0]], [0])


def test_probabilities_of_one_and_zero_are_labels():
    logits, labels = Y_HAT[0], Y[0]
    loss = SoftmaxCrossEntropy(label_smoothing=0.2)
    by_label = loss.forward(logits, labels), loss.backward()[0]
    by_probability = loss.forward(logits, np.eye(5)[labels]), loss.backward()[0]
    assert_same(by_label, by_probability)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        SoftmaxCrossEntropy().forward([0.0, 1.0], [0.5, 1.5])
    with pytest.raises(ValueError, match="label_smoothing"):
        SoftmaxCrossEntropy(label_smoothing=1.5)


def test_float32_stays_with_every_option():
    loss = SoftmaxCrossEntropy(weight=np.ones(5), ignore_index=1, label_smoothing=0.1)
    assert loss.forward(Y_HAT.astype(np.float32), Y).dtype == np.float32
    assert loss.backward()[0].dtype == np.float32


def test_options_stand_in_the_repr():
    text = repr(SoftmaxCrossEntropy(weight=[1, 2], ignore_index=-1, label_smoothing=0.1))
    assert "label_smoothing=0.1, weight=[1.0, 2.0], a weighted mean, ignore_index=-1, mean over" in text
