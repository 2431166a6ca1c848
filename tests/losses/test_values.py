"""What each loss reports: against autograd over shapes and values, at +-1e4, and what it refuses."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import DtypeError, ShapeError
from losses import (
    BinaryCrossEntropy,
    CosineEmbeddingLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    L2Loss,
    Loss,
    MarginRankingLoss,
    PoissonNLLLoss,
    SmoothL1Loss,
    SoftmaxCrossEntropy,
    SVMLoss,
)
from tests.losses.found import assert_same

LABELLED = [SoftmaxCrossEntropy, SVMLoss]
ELEMENTWISE = [L2Loss, L1Loss, HuberLoss, BinaryCrossEntropy]


def cross_entropy(y_hat, y):
    return -anp.sum((y_hat - anp.log(anp.sum(anp.exp(y_hat), axis=1))[:, None])[anp.arange(len(y)), y])


def hinge(y_hat, y):
    right = y_hat[anp.arange(len(y)), y][:, None]
    return anp.sum(anp.maximum(0, y_hat - right + 1)) - len(y)  # the right class pays the margin itself


def huber(y_hat, y):
    d = anp.abs(y_hat - y)
    return anp.sum(anp.where(d <= 1, d**2 / 2, d - 0.5))


def binary(y_hat, y):
    return anp.sum(y * anp.log(1 + anp.exp(-y_hat)) + (1 - y) * anp.log(1 + anp.exp(y_hat)))


ORACLES = {
    L2Loss: lambda y_hat, y: anp.sum((y_hat - y) ** 2),
    L1Loss: lambda y_hat, y: anp.sum(anp.abs(y_hat - y)),
    HuberLoss: huber,
    BinaryCrossEntropy: binary,
    SoftmaxCrossEntropy: cross_entropy,
    SVMLoss: hinge,
}


@pytest.mark.parametrize("cls", ORACLES, ids=lambda c: c.__name__)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), N=st.integers(1, 6), n=st.integers(1, 5), scale=st.sampled_from([0.1, 1.0, 5.0]))
def test_value_and_gradient_agree_with_autograd(cls, seed, N, n, scale):
    rng = np.random.default_rng(seed)
    y_hat = scale * rng.normal(size=(N, n))
    y = rng.integers(n, size=N) if cls in LABELLED else rng.uniform(size=(N, n))
    loss = cls()
    J = ORACLES[cls](y_hat, y) / N
    g = autograd.grad(ORACLES[cls])(y_hat, y) / N
    np.testing.assert_allclose(loss.forward(y_hat, y), J, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(loss.backward()[0], g, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cls", ELEMENTWISE)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (2, 0)])
def test_datapoints_of_any_shape(cls, shape):
    y_hat, y = np.full(shape, 0.25), np.ones(shape)
    loss = cls(reduction="none")
    if 0 in shape:
        with pytest.raises(ShapeError, match="empty"):
            loss.forward(y_hat, y)
        return
    J = loss.forward(y_hat, y)
    assert J.shape == (shape[:1] if len(shape) > 1 else ())
    one = cls(reduction="sum").forward(0.25, 1.0)
    np.testing.assert_allclose(J, one * np.prod(shape) / (shape[0] if len(shape) > 1 else 1))
    assert loss.backward()[0].shape == shape


@pytest.mark.parametrize("cls", LABELLED)
def test_positions_of_a_sequence_are_summed_into_their_datapoint(cls):
    rng = np.random.default_rng(0)
    y_hat, y = rng.normal(size=(3, 4, 5)), rng.integers(5, size=(3, 4))
    loss = cls(reduction="none")
    flat = cls(reduction="none").forward(y_hat.reshape(12, 5), y.reshape(12))
    np.testing.assert_allclose(loss.forward(y_hat, y), flat.reshape(3, 4).sum(axis=1))
    assert loss.backward()[0].shape == (3, 4, 5)
    np.testing.assert_allclose(cls().forward(y_hat, y), flat.sum() / 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cls", ORACLES, ids=lambda c: c.__name__)
def test_no_overflow_at_ten_thousand(cls, dtype):
    y_hat = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4]], dtype)
    y = np.array([1, 2]) if cls in LABELLED else np.array([[1.0, 0, 1], [0, 1, 0]], dtype)
    loss = cls()
    J = loss.forward(y_hat, y)
    g_in, _ = loss.backward()
    assert np.isfinite(J)
    assert np.isfinite(g_in).all()
    assert J.dtype == g_in.dtype == dtype


def test_cross_entropies_at_ten_thousand_have_the_right_numbers():
    assert SoftmaxCrossEntropy().forward([1e4, -1e4], 1) == 2e4
    assert SoftmaxCrossEntropy().forward([1e4, -1e4], 0) == 0
    assert BinaryCrossEntropy().forward([1e4, -1e4], [0, 1]) == 2e4
    assert BinaryCrossEntropy().forward([1e4, -1e4], [1, 0]) == 0


@pytest.mark.parametrize("cls", LABELLED)
@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        ([0, 3], ValueError, "label 3 is not one of the 3 classes: labels are 0 to 2"),
        ([-1, 0], ValueError, "label -1 is not one of the 3 classes"),
        ([0.0, 1.0], DtypeError, "integer labels, got float64"),
        ([True, False], DtypeError, "integer labels, got bool"),
        (["a", "b"], DtypeError, "integer labels"),
        ([[0], [1]], ShapeError, r"y must be \(2,\).*got \(2, 1\)"),
        ([[0], [1, 2]], ShapeError, "rows of unequal length"),
        ([0], ShapeError, r"y must be \(2,\).*got \(1,\)"),
        (0, ShapeError, r"y must be \(2,\).*got \(\)"),
    ],
)
def test_wrong_labels_are_refused_by_name(cls, y, error, words):
    with pytest.raises(error, match=words):
        cls().forward(np.ones((2, 3)), y)


@pytest.mark.parametrize("cls", LABELLED)
def test_scores_without_an_axis_of_classes_are_refused(cls):
    with pytest.raises(ShapeError, match="one score for each class"):
        cls().forward(1.0, 0)


@pytest.mark.parametrize("cls", ELEMENTWISE)
@pytest.mark.parametrize(("y_hat", "y"), [((3, 1), (3,)), ((3,), (3, 1)), ((3, 2), (2,)), ((3, 2), ()), ((), (1,))])
def test_nothing_is_broadcast(cls, y_hat, y):
    with pytest.raises(ShapeError, match=r"y must be shaped \(.*\) to fit y_hat"):
        cls().forward(np.ones(y_hat), np.ones(y))


@pytest.mark.parametrize("wrong", [-0.1, 1.1, np.nan, np.inf])
def test_an_answer_that_is_no_probability_is_refused(wrong):
    with pytest.raises(ValueError, match=f"between 0 and 1, got {wrong}"):
        BinaryCrossEntropy().forward([0.0, 0.0], [1.0, wrong])


def test_kinks_have_the_slopes_that_the_docstrings_promise():
    for loss, y_hat, y, slope in [
        (L1Loss(), [2.0], [2.0], [0.0]),
        (HuberLoss(), [1.0, -1.0], [0.0, 0.0], [1.0, -1.0]),
        (SVMLoss(), [2.0, 1.0], 0, [0.0, 0.0]),
    ]:
        loss.forward(y_hat, y)
        np.testing.assert_array_equal(loss.backward()[0], slope)


@pytest.mark.parametrize(
    ("cls", "option", "wrong"),
    [
        (HuberLoss, "delta", [0.0, -1.0, np.nan, np.inf]),
        (SmoothL1Loss, "beta", [0.0, -1.0, np.nan, np.inf]),
        (PoissonNLLLoss, "eps", [0.0, -1.0, np.nan]),
        (SVMLoss, "margin", [-1.0, np.nan, np.inf]),
        (CosineEmbeddingLoss, "margin", [-1.1, 1.1, np.nan]),
        (MarginRankingLoss, "margin", [np.nan, np.inf]),
        (HingeEmbeddingLoss, "margin", [np.nan, np.inf]),
    ],
)
def test_an_option_out_of_its_range_is_refused_by_name(cls, option, wrong):
    for value in wrong:
        with pytest.raises(ValueError, match=f"{cls.__name__}: {option} must be"):
            cls(**{option: value})


@pytest.mark.parametrize("wrong", [0.5, 2, np.nan])
def test_a_verdict_is_1_or_minus_1(wrong):
    a = np.ones((2, 3))
    for forward, y in [
        (HingeEmbeddingLoss().forward, np.full((2, 3), wrong)),
        (lambda a, y: MarginRankingLoss().forward((a, a), y), np.full((2, 3), wrong)),
        (lambda a, y: CosineEmbeddingLoss().forward((a, a), y), np.full(2, wrong)),
    ]:
        with pytest.raises(ValueError, match=f"y must be 1 or -1.*, got {wrong}"):
            forward(a, y)


@pytest.mark.parametrize("cls", [MarginRankingLoss, CosineEmbeddingLoss])
def test_a_pair_is_a_tuple_of_two_of_one_shape(cls):
    for pair in [np.ones((2, 3)), (np.ones((2, 3)),), (np.ones((2, 3)), np.ones((2, 4))), [np.ones(3), np.ones(3)]]:
        with pytest.raises(ShapeError, match="y_hat must be"):
            cls().forward(pair, np.ones(2))


def test_a_tie_costs_the_margin_and_pulls_neither_way():
    loss = MarginRankingLoss(margin=0.5)
    assert loss.forward((np.array([3.0]), np.array([1.0])), [0]) == 0.5
    assert_same(loss.backward()[0], (np.zeros(1), np.zeros(1)))


def test_a_weight_scales_the_answers_of_its_feature():
    weighted, plain = BinaryCrossEntropy(weight=[2.0, 0.0]), BinaryCrossEntropy()
    y_hat, y = np.array([[0.5, 1.0], [-2.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(weighted.forward(y_hat, y), 2 * plain.forward(y_hat[:, :1], y[:, :1]), rtol=1e-14)
    np.testing.assert_allclose(weighted.backward()[0][:, :1], 2 * plain.backward()[0], rtol=1e-14)
    assert not weighted.backward()[0][:, 1].any()
    with pytest.raises(ShapeError, match=r"weight must be one number or \(3,\), one for each feature, got \(2,\)"):
        weighted.forward(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="weight must be finite"):
        BinaryCrossEntropy(weight=[1.0, np.nan])


def test_a_vector_of_zeros_has_an_angle_and_stays_finite():
    loss = CosineEmbeddingLoss()
    assert loss.forward((np.zeros(3), np.ones(3)), 1) == 1
    assert all(np.isfinite(g).all() for g in loss.backward()[0])


def test_kl_of_a_distribution_with_itself_is_zero():
    p = np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]])
    logs = np.log(np.where(p > 0, p, 1))
    assert KLDivLoss().forward(logs, p) == 0
    assert np.isnan(KLDivLoss().forward(logs, -p))


def test_the_margin_is_used():
    assert SVMLoss(margin=3.0).forward([0.0, 0.0, 0.0], 1) == 6.0


def test_conventions_stand_in_the_repr():
    assert repr(L2Loss()) == "L2Loss(sum over features, no 1/2, mean over datapoints)"
    assert "logits" in repr(BinaryCrossEntropy())
    assert "summed over the wrong classes" in repr(SVMLoss())
    assert "slope 0 at 0" in repr(L1Loss())


def test_a_loss_of_ones_own_says_what_is_missing():
    class Half(Loss):
        pass

    with pytest.raises(NotImplementedError, match="Half has no values"):
        Half().forward([1.0], [1.0])


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint8])
def test_labels_of_any_integer_type(dtype):
    assert SVMLoss().forward(np.zeros((2, 200)), np.array([0, 100], dtype)) == 199
    with pytest.raises(ValueError, match="label 101 is not one of the 101 classes"):
        SVMLoss().forward(np.zeros((2, 101)), np.array([0, 101], dtype))
    if dtype != np.uint8:
        with pytest.raises(ValueError, match="label -128 is not one"):
            SVMLoss().forward(np.zeros((2, 101)), np.array([0, -128], dtype))
