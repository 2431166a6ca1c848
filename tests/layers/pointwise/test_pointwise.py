"""The pointwise layers: far out, at their kinks, and against independent oracles."""

import inspect
import math

import numpy as np
import pytest

import layers
from layers import (
    CELU,
    ELU,
    GELU,
    GLU,
    SELU,
    Hardshrink,
    Hardtanh,
    LeakyReLU,
    LogSoftmax,
    PReLU,
    ShapeError,
    Sigmoid,
    Softmax,
    Softmin,
    Softplus,
    Threshold,
)
from layers.pointwise.base import Pointwise
from layers.pointwise.erf import erfc

POINTWISE = [
    kind
    for kind in vars(layers).values()
    if inspect.isclass(kind) and kind.__module__.startswith(("layers.pointwise", "layers.softm"))
]
FAR = [-1e4, -1e3, -100.0, -40.0, -20.0, -5.0, 5.0, 20.0, 40.0, 100.0, 1e3, 1e4]


def numbers():
    """Both sides of every kink, near and far."""
    return np.concatenate([np.linspace(-8.97, 9.01, 60), FAR])


def passed(layer, x_in, g_out=None):
    x_out = layer.forward(x_in)
    return x_out, layer.backward(np.ones_like(x_out) if g_out is None else g_out)[0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", [*POINTWISE, lambda: GELU("tanh")], ids=lambda kind: kind.__name__)
def test_finite_and_without_a_warning_far_out(kind, dtype):
    layer = kind(dtype=dtype) if kind is PReLU else kind()
    x_out, g_in = passed(layer, np.array(FAR, dtype))
    assert np.isfinite(x_out).all()
    assert np.isfinite(g_in).all()
    assert x_out.dtype == g_in.dtype == dtype


@pytest.mark.parametrize("kind", POINTWISE, ids=lambda kind: kind.__name__)
def test_mixed_extremes_in_one_row_are_finite(kind):
    x_out, g_in = passed(kind(), np.array([[1e4, -1e4, 0.0, 1e4], [-1e4, -1e4, -1e4, -1e4]]))
    assert np.isfinite(x_out).all()
    assert np.isfinite(g_in).all()


@pytest.mark.parametrize("kind", [k for k in POINTWISE if issubclass(k, Pointwise)], ids=lambda kind: kind.__name__)
def test_kinks_are_where_the_slope_jumps(kind):
    """The slope is continuous everywhere but at `kinks`; there, it is one of the two sides' or between."""
    layer = kind()
    for kink in layer.kinks:
        layer.forward([kink - 1e-9, kink, kink + 1e-9])
        left, at, right = layer.backward([1.0, 1.0, 1.0])[0]
        assert min(left, right) - 1e-6 <= at <= max(left, right) + 1e-6
    x = np.arange(-9.0, 9.0, 1e-3) + 3e-4
    slope = passed(layer, x)[1]
    for i in np.flatnonzero(np.abs(np.diff(slope)) > 0.01):
        assert any(x[i] <= kink <= x[i + 1] for kink in layer.kinks), f"the slope jumps at {x[i]:.3f}"


@pytest.mark.parametrize(
    ("layer", "x_in", "slope"),
    [
        (LeakyReLU(0.2), 0.0, 0.2),
        (ELU(2.0), 0.0, 2.0),
        (Hardtanh(-2.0, 3.0), -2.0, 0.0),
        (Hardtanh(-2.0, 3.0), 3.0, 0.0),
        (Hardshrink(1.5), 1.5, 0.0),
        (Threshold(2.0, 7.0), 2.0, 0.0),
        (PReLU.from_arrays([0.3]), 0.0, 0.3),
    ],
)
def test_slope_at_a_kink_is_the_documented_one(layer, x_in, slope):
    assert passed(layer, np.array([x_in]))[1] == pytest.approx([slope])
    assert "slope at" in repr(layer)


def test_sigmoid_keeps_its_digits_where_it_is_tiny():
    x_out, g_in = passed(Sigmoid(), np.array([-700.0, -50.0]))
    np.testing.assert_allclose(x_out, np.exp([-700.0, -50.0]), rtol=1e-14)
    np.testing.assert_allclose(g_in, np.exp([-700.0, -50.0]), rtol=1e-14)


def test_erfc_is_that_of_the_c_library_to_the_last_digits():
    x = np.concatenate([np.linspace(-7.0, 26.0, 5001), [0.46875, 4.0, -4.0, 0.0]])
    np.testing.assert_allclose(erfc(x), [math.erfc(v) for v in x], rtol=1.5e-15)
    assert list(erfc(np.array([-1e4, 1e4]))) == [2.0, 0.0]


def test_gelu_keeps_its_digits_in_the_tail():
    """1 + erf(x) would be 0 below -6; x Phi(x) is not."""
    x = np.array([-10.0, -8.0, -6.0, -1.0, 0.5, 3.0, 10.0])
    below = np.array([0.5 * math.erfc(-v / math.sqrt(2)) for v in x])
    x_out, g_in = passed(GELU(), x)
    np.testing.assert_allclose(x_out, x * below, rtol=2e-14)
    np.testing.assert_allclose(g_in, below + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi), rtol=2e-14)


def test_gelu_tanh_is_near_the_exact_one():
    x = np.linspace(-6, 6, 1001)
    gap = np.abs(GELU("tanh").forward(x) - GELU().forward(x)).max()
    assert 1e-5 < gap < 5e-4


@pytest.mark.parametrize("kind", [Softmax, Softmin, LogSoftmax])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_the_same_for_shifted_scores(kind, axis):
    x = np.random.default_rng(3).normal(size=(3, 4, 5))
    layer = kind(axis)
    np.testing.assert_allclose(layer.forward(x + 1e4), layer.forward(x), rtol=1e-10, atol=1e-11)
    shares = np.exp(layer.forward(x)) if kind is LogSoftmax else layer.forward(x)
    np.testing.assert_allclose(shares.sum(axis=axis), 1.0, rtol=1e-14)
    np.testing.assert_allclose(layer.backward(np.ones_like(x))[0].sum(axis=axis), 0.0, atol=1e-13)


def test_softmax_without_the_axis_is_refused():
    with pytest.raises(ShapeError, match="axis 2"):
        Softmax(2).forward(np.ones((3, 4)))


@pytest.mark.parametrize(
    "layer",
    [
        GELU("tanh"),
        ELU(2.5),
        CELU(2.5),
        Softplus(3.0),
        LeakyReLU(-0.5),
        Hardtanh(-2.0, 1.5),
        Hardshrink(1.5),
        layers.Softshrink(1.5),
        Threshold(1.5, -4.0),
        Softmax(0),
        Softmin(0),
        LogSoftmax(0),
        GLU(0),
        PReLU(),
    ],
    ids=repr,
)
def test_gradient_is_the_finite_difference_for_other_options_too(layer):
    """The contract test sees each layer as it is by default."""
    rng = np.random.default_rng(9)
    x_in = rng.permutation(np.linspace(-3.96, 3.87, 24)).reshape(6, 4)  # none within 0.01 of a kink
    direction = 1e-5 * rng.normal(size=x_in.shape)
    g_out = rng.normal(size=layer.forward(x_in).shape)
    g_in = layer.backward(g_out)[0]
    change = np.sum((layer.forward(x_in + direction) - layer.forward(x_in - direction)) * g_out) / 2
    assert np.sum(g_in * direction) == pytest.approx(change, rel=1e-7)


def test_prelu_has_one_slope_a_channel():
    layer = PReLU.from_arrays([0.0, 1.0, 10.0])
    x = -np.ones((2, 3, 4))
    np.testing.assert_array_equal(layer.forward(x)[0, :, 0], [0.0, -1.0, -10.0])
    np.testing.assert_array_equal(layer.backward(np.ones_like(x))[1]["a"], [-8.0, -8.0, -8.0])
    with pytest.raises(ShapeError, match="3 channels"):
        layer.forward(np.ones((2, 4)))
    assert PReLU().forward(-2.0) == -0.5


def test_glu_refuses_an_odd_width():
    with pytest.raises(ShapeError, match="even"):
        GLU().forward(np.ones((2, 5)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ELU(-1.0),
        lambda: CELU(0.0),
        lambda: Softplus(0.0),
        lambda: Hardtanh(1.0, -1.0),
        lambda: Hardshrink(-0.1),
        lambda: LeakyReLU(float("nan")),
        lambda: GELU("fast"),
        lambda: PReLU(0),
    ],
)
def test_arguments_without_sense_are_refused(make):
    with pytest.raises(ValueError, match="must be"):
        make()


def test_argument_of_another_type_is_refused():
    with pytest.raises(TypeError, match="LeakyReLU: slope must be one real number"):
        LeakyReLU("0.1")


@pytest.mark.parity
@pytest.mark.parametrize(
    ("layer", "name", "arguments"),
    [
        (layers.ReLU(), "ReLU", {}),
        (LeakyReLU(0.2), "LeakyReLU", {"negative_slope": 0.2}),
        (ELU(1.5), "ELU", {"alpha": 1.5}),
        (CELU(1.5), "CELU", {"alpha": 1.5}),
        (SELU(), "SELU", {}),
        (GELU(), "GELU", {}),
        (GELU("tanh"), "GELU", {"approximate": "tanh"}),
        (layers.SiLU(), "SiLU", {}),
        (layers.Mish(), "Mish", {}),
        (Sigmoid(), "Sigmoid", {}),
        (layers.LogSigmoid(), "LogSigmoid", {}),
        (layers.Tanh(), "Tanh", {}),
        (layers.Tanhshrink(), "Tanhshrink", {}),
        (Softplus(), "Softplus", {"threshold": 50.0}),
        (Softplus(2.0), "Softplus", {"beta": 2.0, "threshold": 50.0}),
        (layers.Softsign(), "Softsign", {}),
        (layers.Softshrink(0.7), "Softshrink", {"lambd": 0.7}),
        (Hardshrink(0.7), "Hardshrink", {"lambd": 0.7}),
        (Hardtanh(-2.0, 1.5), "Hardtanh", {"min_val": -2.0, "max_val": 1.5}),
        (layers.ReLU6(), "ReLU6", {}),
        (layers.Hardswish(), "Hardswish", {}),
        (Threshold(1.0, -3.0), "Threshold", {"threshold": 1.0, "value": -3.0}),
        (Softmax(), "Softmax", {"dim": -1}),
        (LogSoftmax(), "LogSoftmax", {"dim": -1}),
        (Softmin(), "Softmin", {"dim": -1}),
        (GLU(), "GLU", {}),
        (PReLU(), "PReLU", {}),
    ],
    ids=lambda value: repr(value) if isinstance(value, layers.Layer) else "",
)
def test_agrees_with_torch(layer, name, arguments):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    x_in = rng.permutation(numbers())
    x_out = layer.forward(x_in)
    g_out = rng.normal(size=x_out.shape)
    theirs = torch.tensor(x_in, requires_grad=True)
    their_out = getattr(torch.nn, name)(**arguments).double()(theirs)
    their_out.backward(torch.tensor(g_out))
    np.testing.assert_allclose(x_out, their_out.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(layer.backward(g_out)[0], theirs.grad.numpy(), rtol=1e-9, atol=1e-12)
