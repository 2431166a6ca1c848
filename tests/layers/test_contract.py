"""The contract, for every layer that `layers` exports: each is found by itself, and tried through its example(rng)."""

import inspect

import numpy as np
import pytest

import layers
from graph import check_layer
from graph.steady import has_unchecked
from layers import BackwardBeforeForwardError, Layer, ShapeError

EXPORTED = [value for value in vars(layers).values() if inspect.isclass(value) and issubclass(value, Layer)]
LAYERS = [layer for layer in EXPORTED if layer is not Layer]
every_layer = pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.__name__)
WITH_TWINS = [kind for kind in LAYERS if has_unchecked(kind.example(0)[0])]
both_dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def wires(value):
    return value if type(value) is tuple else (value,)


def each(change, value):
    """`change` of an array, or of each array of a tuple."""
    return tuple(change(x) for x in value) if type(value) is tuple else change(value)


def is_float(x):
    return np.asarray(x).dtype.kind == "f"


def cast(value, dtype):
    """The floats of `value` as `dtype`; whole numbers are indices and stay."""
    return each(lambda x: np.asarray(x).astype(dtype) if is_float(x) else np.asarray(x), value)


def rewind(layer, state):
    """Before each forward pass: the same random numbers, the same running statistics."""
    if state:
        layer.load_state(state)


def made(kind, dtype=np.float64):
    """The layer's example in `dtype`, with arrays nobody may write to, its state, and a random g_out."""
    rng = np.random.default_rng(7)
    layer, x_in = kind.example(rng)
    for name, theta in layer.params.items():
        layer.params[name] = theta.astype(dtype)
    layer.load_state({name: value.astype(dtype) if is_float(value) else value for name, value in layer.state().items()})
    state = layer.state()
    x_in = each(frozen, cast(x_in, dtype))
    x_out = layer.forward(x_in)
    g_out = each(lambda x: frozen(rng.normal(size=x.shape).astype(dtype)), x_out)
    return layer, x_in, g_out, state


def frozen(x):
    x = np.array(x)
    x.flags.writeable = False
    return x


def assert_same(a, b):
    assert type(a) is type(b) or not isinstance(a, tuple)
    for one, other in zip(wires(a), wires(b), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", EXPORTED, ids=lambda kind: kind.__name__)
def test_has_an_example(kind):
    assert kind is Layer or "example" in dir(kind), f"{kind.__name__} needs example(rng): a small layer and an input"


@every_layer
@both_dtypes
def test_shapes_and_dtypes(kind, dtype):
    layer, x_in, g_out, state = made(kind, dtype)
    rewind(layer, state)
    x_out = layer.forward(x_in)
    g_in, param_grads = layer.backward(g_out)
    assert all(x.dtype == dtype for x in wires(x_out))
    assert type(g_in) is type(x_in) or g_in is None
    for g, x in zip(wires(g_in), wires(x_in), strict=True):
        assert (g is None) != is_float(x), "whole numbers have no gradient, all else has one"
        if g is not None:
            assert (np.shape(g), g.dtype) == (x.shape, dtype)
    assert list(param_grads) == list(layer.params)
    for name, theta in layer.params.items():
        assert (param_grads[name].shape, param_grads[name].dtype) == (theta.shape, dtype)


@every_layer
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("seed", [0, 7])
def test_check_layer_finds_nothing(kind, training, seed):
    """Gradients by differences, purity, repeatability, aliasing, errors, update and tied: see graph/checking."""
    layer, x_in = kind.example(np.random.default_rng(seed))
    layer._switch(training)
    report = check_layer(layer, each(frozen, x_in), strict=True, rng=seed)
    assert not report.findings, report
    assert not report.unseen


@every_layer
def test_float32_gradients_are_those_of_float64(kind):
    """A float32 pass in float64's place: the same operating point, up to float32's precision."""
    passes = []
    for dtype in (np.float32, np.float64):
        layer, x_in, g_out, state = made(kind, np.float32)
        for name, theta in layer.params.items():
            layer.params[name] = theta.astype(dtype)
        x_in, g_out = cast(x_in, dtype), cast(g_out, dtype)
        rewind(layer, state)
        x_out = layer.forward(x_in)
        g_in, param_grads = layer.backward(g_out)
        passes.append([*wires(x_out), *(g for g in wires(g_in) if g is not None), *param_grads.values()])
    for single, double in zip(*passes, strict=True):
        np.testing.assert_allclose(single, double, rtol=2e-4, atol=2e-5)


@every_layer
def test_single_datapoint_is_a_row_of_the_batch(kind):
    """A single datapoint gives what the batch gives. Images and sequences may ask for a batch; rows must not."""
    layer, x_in, g_out, state = made(kind)
    layer.eval()
    rewind(layer, state)
    batch = layer.forward(x_in)
    row = each(lambda x: x[0], x_in)
    try:
        one = layer.forward(row)
    except ShapeError:
        assert max(x.ndim for x in wires(x_in)) > 2, "a layer of rows (N, n) takes a single datapoint (n,)"
        pytest.skip("asks for a batch")
    if any(x.shape != y.shape[1:] for x, y in zip(wires(one), wires(batch), strict=True)):
        pytest.skip("not a layer of single datapoints")
    g_row = each(lambda g: g[0], g_out)
    for x, y in zip(wires(one), wires(batch), strict=True):
        np.testing.assert_allclose(x, y[0], rtol=1e-12, atol=1e-14)
    g_in, param_grads = layer.backward(g_row)
    assert all(g is None or np.shape(g) == x.shape for g, x in zip(wires(g_in), wires(row), strict=True))
    for name, theta in layer.params.items():
        assert param_grads[name].shape == theta.shape


@every_layer
def test_backward_before_forward_is_refused(kind):
    layer, _ = kind.example(np.random.default_rng(0))
    with pytest.raises(BackwardBeforeForwardError, match="forward"):
        layer.backward(np.ones(3))


@every_layer
def test_backward_after_a_failed_forward_is_refused(kind):
    layer, _, g_out, _ = made(kind)
    with pytest.raises((ValueError, TypeError)):
        layer.forward(np.array(["not", "numbers"]))
    with pytest.raises(BackwardBeforeForwardError):
        layer.backward(g_out)


@every_layer
def test_wrong_g_out_is_refused(kind):
    layer, x_in, g_out, state = made(kind)
    rewind(layer, state)
    layer.forward(x_in)
    with pytest.raises(ShapeError, match="g_out"):
        layer.backward(each(lambda g: np.ones((2, *g.shape)), g_out))
    with pytest.raises(ShapeError, match="g_out"):
        layer.backward((*wires(g_out), np.ones(3)))


@every_layer
def test_empty_batch_passes(kind):
    layer, x_in, _, _ = made(kind)
    empty = each(lambda x: x[:0], x_in)
    if type(x_in) is tuple and len({x.shape[0] for x in x_in}) > 1:  # an operand without a batch stays as it is
        n = x_in[0].shape[0]
        empty = tuple(x[:0] if x.shape[0] == n else x for x in x_in)
    layer.eval()
    x_out = layer.forward(empty)
    g_in, param_grads = layer.backward(each(np.ones_like, x_out))
    assert all(g is None or np.shape(g) == x.shape for g, x in zip(wires(g_in), wires(empty), strict=True))
    assert all(not g.any() for g in param_grads.values())


@every_layer
def test_tied_is_of_the_same_kind(kind):
    layer, _ = kind.example(np.random.default_rng(0))
    other = layer.tied()
    assert type(other) is kind
    assert all(other.params[name] is theta for name, theta in layer.params.items())


@every_layer
def test_repr_is_one_line_with_the_name(kind):
    layer, _ = kind.example(np.random.default_rng(0))
    assert repr(layer).startswith(kind.__name__ + "(")
    assert "object at" not in repr(layer)


@every_layer
def test_class_docstring_has_the_parts_in_order(kind):
    doc = kind.__doc__
    parts = [doc.find(part) for part in ("Equation:", "Shapes:", "Source:", ">>>")]
    assert min(parts) > 0, "Equation, Shapes, Source and a worked example"
    assert parts == sorted(parts)
    assert doc.isascii()


@pytest.mark.parametrize("kind", WITH_TWINS, ids=lambda kind: kind.__name__)
@both_dtypes
def test_the_twins_without_checks_give_the_same_bits(kind, dtype):
    layer, x_in, g_out, _ = made(kind, dtype)
    x_out, (g_in, param_grads) = layer.forward(x_in), layer.backward(g_out)
    assert_same(layer.forward_unchecked(x_in), x_out)
    g_in_unchecked, unchecked = layer.backward_unchecked(g_out)
    assert_same(g_in_unchecked, g_in)
    assert unchecked.keys() == param_grads.keys() == layer.backward_params_unchecked(g_out).keys()
    for name, g in param_grads.items():
        assert_same(unchecked[name], g)
        assert_same(layer.backward_params_unchecked(g_out)[name], g)
    assert_same(layer.backward(g_out)[0], g_in)  # still at an operating point
