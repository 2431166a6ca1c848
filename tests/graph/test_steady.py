"""Passes without checks: the same bits as with them, and all the checks wherever one might have something to say."""

import copy

import numpy as np
import pytest

from graph import Graph, Parallel, Residual, Sequential
from graph.naming.places import walk
from graph.steady import Steady
from layers import (
    Add,
    BackwardBeforeForwardError,
    Branch,
    Dropout,
    Identity,
    Layer,
    Linear,
    Log,
    Multiply,
    ReLU,
    Scale,
    ShapeError,
    Shift,
    Square,
    Tanh,
)
from layers.errors import DomainError
from tests.graph.random_graphs import random_twin


def mlp(dtype=np.float64):
    return Sequential(
        Linear(3, 4, rng=0, dtype=dtype),
        ReLU(),
        Residual(Sequential(Linear(4, 4, rng=1, dtype=dtype), Tanh(), Linear(4, 4, rng=2, dtype=dtype))),
        Sequential(Branch(2), Parallel(ReLU(), Linear(4, 4, rng=3, dtype=dtype)), Add()),
        Linear(4, 2, rng=4, dtype=dtype),
    )


def batch(n=5, width=3, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(n, width)).astype(dtype)


class Counting(Sequential):
    """A chain that counts its passes without checks, tried and ended."""

    tried = ended = 0

    def forward_unchecked(self, x_in):
        self.tried += 1
        x_out = super().forward_unchecked(x_in)
        self.ended += 1
        return x_out


def passes(model, x, g):
    """What a forward and a backward pass give."""
    x_out = model.forward(*x) if type(x) is list else model.forward(x)
    return x_out, model.backward(g), model.backward(g, to_data=False)


def checked_passes(model, x, g):
    """The same of a copy that forgets what it has checked before each of them."""
    model = copy.deepcopy(model)
    forget(model)
    x_out = model.forward(*x) if type(x) is list else model.forward(x)
    forget(model)
    backward = model.backward(g)
    forget(model)
    return x_out, backward, model.backward(g, to_data=False)


def forget(model):
    for _, layer in walk(model):
        if isinstance(layer, Steady):
            layer._like = None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_bits_as_with_checks(dtype):
    model, g = mlp(dtype), batch(width=2, seed=1, dtype=dtype)
    for seed in range(3):
        x = batch(seed=seed, dtype=dtype)
        assert_same(passes(model, x, g), checked_passes(model, x, g))
        assert model._forward_steady(x) is not None
        assert model._backward_steady(g, True) is not None
        assert model._backward_steady(g, False) is not None


@pytest.mark.parametrize("seed", range(40))
def test_random_graphs_give_the_same_bits(seed):
    g, xs, _, _ = random_twin(seed)
    x_out = g.forward(*xs)
    g_out = tuple(map(np.ones_like, x_out)) if type(x_out) is tuple else np.ones_like(x_out)
    for _ in range(2):
        assert_same(passes(g, xs, g_out), checked_passes(g, xs, g_out))
        assert g._backward_steady(g_out, True) is not None
        assert g._backward_steady(g_out, False) is not None


def test_a_scalar_circuit_gives_the_same_bits():
    """Scalars and rows at the gates that a graph runs itself, on either side of an operator."""
    g = Graph()
    x, y = g.input("x"), g.input("y")
    s = g.parameter("b", 0.5)
    for i, wire in enumerate((x, y, x)):
        s = s + g.parameter(f"w{i}", i - 1.5) * wire
    g.output(g.add(ReLU(), s + g.parameter("c", 2.0)) * g.parameter("a", -1.0) * x)
    xs, g_out = [batch(4, 6), batch(4, 6, seed=1)], batch(4, 6, seed=2)
    for _ in range(2):
        assert_same(passes(g, xs, g_out), checked_passes(g, xs, g_out))
    rows = [row[0] for row in xs]
    for _ in range(2):
        assert_same(passes(g, rows, g_out[0]), checked_passes(g, rows, g_out[0]))


def assert_same(a, b):
    if isinstance(a, dict):
        assert list(a) == list(b)
        a, b = tuple(a.values()), tuple(b.values())
    if isinstance(a, tuple) or isinstance(b, tuple):
        assert type(a) is type(b)
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    else:
        assert (np.shape(a), np.asarray(a).tobytes()) == (np.shape(b), np.asarray(b).tobytes())


def test_a_pass_like_the_last_one_goes_without_checks():
    model = Counting(Linear(3, 4, rng=0), ReLU())
    for n, tried in ((5, 0), (5, 1), (5, 2), (6, 2), (6, 3), (5, 3), (5, 4)):
        model.forward(batch(n))
        assert (model.tried, model.ended) == (tried, tried)
        assert model.backward(np.ones((n, 4)))[0].shape == (n, 3)


def test_a_wrong_input_is_refused_in_its_place_after_a_steady_pass():
    model = mlp()
    for _ in range(3):
        model.forward(batch())
    with pytest.raises(
        ShapeError, match=r"Sequential, layer 0 \(Linear\(3 -> 4\)\): x_in must be \(\.\.\., 3\), got \(5, 7\)"
    ):
        model.forward(batch(width=7))
    with pytest.raises(BackwardBeforeForwardError):
        model.backward(np.ones((5, 2)))


def test_a_wrong_gradient_is_refused_after_a_steady_pass():
    model = mlp()
    for _ in range(2):
        model.forward(batch())
    with pytest.raises(
        ShapeError, match=r"layer 4 \(Linear\(4 -> 2\)\): g_out must be shaped like x_out, \(5, 2\), got \(4, 2\)"
    ):
        model.backward(np.ones((4, 2)))
    assert model.backward(np.ones((5, 2)))[0].shape == (5, 3)


@pytest.mark.parametrize("shape", [(1, 2), (2,), ()])
def test_a_gradient_that_could_be_broadcast_is_refused(shape):
    model = Sequential(ReLU(), Scale(2.0))
    model.forward(np.ones((5, 2)))
    with pytest.raises(ShapeError, match=r"g_out must be shaped like x_out, \(5, 2\)"):
        model.backward(np.ones(shape))


def test_a_layer_in_parallel_or_in_a_graph_that_was_run_by_itself_is_checked_again():
    x, y = np.arange(3.0), np.array(2.0)
    g = Graph()
    g.output(g.add(Multiply(), g.input("x"), g.input("y"), name="product"))
    ways = Sequential(Parallel(Identity(), Identity()), Multiply())
    for model, product in ((g, g["product"]), (ways, ways[1])):
        for _ in range(2):
            model.forward((x, y))
        product.forward((y, x))  # the same form comes out
        assert_same(model.forward((x, y)), 2.0 * x)
        assert_same(model.backward(np.ones(3))[0], (np.full(3, 2.0), np.float64(3.0)))
    g["product"].forward((y, x))
    assert_same(g.backward(np.ones(3))[0], (np.float64(3.0), np.full(3, 2.0)))
    ways = Parallel(Identity(), Identity())
    for _ in range(2):
        ways.forward((x, x))
    ways[1].forward(np.ones(7))
    with pytest.raises(ShapeError, match=r"layer 1 \(Identity\(\)\): g_out must be shaped like x_out, \(7,\)"):
        ways.backward((x, x))


def test_parameters_of_one_gradient_get_arrays_of_their_own():
    g = Graph()
    g.output(g.parameter("a", np.ones(3)) + g.parameter("b", np.ones(3)))
    for _ in range(2):
        g.forward()
        g_out = np.ones(3)
        _, param_grads = g.backward(g_out)
        param_grads["a"] *= 5.0
        assert_same(param_grads["b"], np.ones(3))
        assert_same(g_out, np.ones(3))


def test_what_a_value_is_refused_for_is_refused_again():
    model = Sequential(ReLU(), Log())
    model.forward([[1.0, 2.0]])
    model.forward(np.array([[1.0, 2.0]]))
    with pytest.raises(DomainError, match=r"Sequential, layer 1 \(Log\(\)\): x_in must be positive, got 0"):
        model.forward(np.array([[1.0, -2.0]]))
    with pytest.raises(BackwardBeforeForwardError):
        model.backward(np.ones((1, 2)))


def test_an_overflow_says_where_it_was():
    model = Sequential(Scale(2.0), Square())
    for _ in range(2):
        model.forward(np.ones(3))
    with np.errstate(all="raise"), pytest.raises(FloatingPointError) as caught:
        model.forward(np.full(3, 1e200))
    assert caught.value.__notes__ == ["raised in: Sequential, layer 1 (Square())"]
    with pytest.raises(BackwardBeforeForwardError):
        model.backward(np.ones(3))


@pytest.mark.parametrize("n", [2, 5], ids=["another batch", "a batch of that size"])
def test_a_layer_that_was_run_by_itself_is_checked_again(n):
    model, fresh = mlp(), mlp()
    x, g = batch(), batch(width=2, seed=1)
    model.forward(x)
    model.forward(x)
    other = batch(n, width=4, seed=3)
    model[1].forward(other)
    if n == 5:  # as ever: backward is at the layer's last operating point
        fresh.forward(x)
        fresh[1].forward(other)
        assert_same(model.backward(g), fresh.backward(g))
    else:
        with pytest.raises(
            ShapeError, match=r"layer 1 \(ReLU\(at_zero=0\)\): g_out must be shaped like x_out, \(2, 4\)"
        ):
            model.backward(g)
    for _ in range(2):
        assert_same(passes(model, x, g), passes(mlp(), x, g))


def test_a_layer_inside_that_failed_has_no_operating_point():
    model = mlp()
    for _ in range(2):
        model.forward(batch())
    with pytest.raises(ShapeError):
        model[3][1].forward(3.0)
    with pytest.raises(BackwardBeforeForwardError, match="layer 3"):
        model.backward(np.ones((5, 2)))


def test_two_models_that_share_layers():
    encoder, decoder = Linear(3, 2, rng=0), Linear(2, 3, rng=1)
    whole, half = Sequential(encoder, Tanh(), decoder), Sequential(encoder, Tanh())
    for n in (5, 5, 4, 4, 5):
        x = batch(n)
        code = half.forward(batch(3))
        assert_same(whole.forward(x), whole.predict(x))
        assert_same(half.forward(batch(3)), code)
        with pytest.raises(ShapeError):
            whole.backward(np.ones((n, 3)))  # half has moved the encoder's operating point
        whole.forward(x)
        assert whole.backward(np.ones((n, 3)))[0].shape == (n, 3)


def test_predict_leaves_no_trace():
    model, x, g = mlp(), batch(), batch(width=2, seed=1)
    before = passes(model, x, g)
    model.predict(batch(40))
    assert_same(model.backward(g)[0], mlp_backward(x, g))
    assert model.forward(batch(40)).shape == (40, 2)
    assert model.backward(np.ones((40, 2)))[0].shape == (40, 3)
    assert_same(passes(model, x, g), before)


def mlp_backward(x, g):
    model = mlp()
    model.forward(x)
    return model.backward(g)[0]


def test_a_parameter_of_another_dtype_or_shape_is_noticed():
    model = Sequential(Linear(3, 4, rng=0, dtype=np.float32), ReLU(), Linear(4, 2, rng=1, dtype=np.float32))
    x = batch(dtype=np.float32)
    for _ in range(2):
        model.forward(x)
    model[0].params["W"] = model[0].params["W"].astype(np.float64)
    model[0].params["b"] = model[0].params["b"].astype(np.float64)
    assert model.forward(x).dtype == np.float32  # the second layer computes in its own
    assert model.forward(x).dtype == np.float32
    model[0].params["W"] = np.ones((4, 7))
    with pytest.raises(ShapeError, match=r"layer 0 \(Linear\(7 -> 4\)\): x_in must be \(\.\.\., 7\), got \(5, 3\)"):
        model.forward(x)


@pytest.mark.parametrize("dtypes", [("float32", "float64"), ("float64", "float32")])
def test_where_dtypes_meet_every_pass_is_checked(dtypes):
    model = Counting(*(Linear(3, 3, rng=0, dtype=dtype) for dtype in dtypes))
    for _ in range(3):
        assert model.forward(batch(dtype=dtypes[0])).dtype == dtypes[1]
        _, param_grads = model.backward(batch(dtype=dtypes[1]))
        assert [g.dtype for g in param_grads.values()] == [dtype for dtype in dtypes for _ in "Wb"]
    assert model.tried == 0


def test_a_float64_batch_for_a_float32_model_is_not_run_twice():
    model = Counting(Linear(3, 4, rng=0, dtype=np.float32), ReLU())
    for _ in range(3):
        assert model.forward(batch()).dtype == np.float32
    assert model.tried == 0


def test_what_is_no_array_is_converted_each_time():
    model = Sequential(Scale(2.0), Shift(1.0))
    for value in ([1.0, 2.0], [1, 2], np.array([1, 2]), 3.0, np.float64(3.0), np.array([1.0, 2.0])):
        for _ in range(2):
            np.testing.assert_array_equal(model.forward(value), 2.0 * np.asarray(value) + 1.0)
            np.testing.assert_array_equal(model.backward(np.ones_like(value))[0], 2.0 * np.ones_like(value))


def test_a_number_runs_a_circuit_backward():
    g = Graph()
    x, w = g.input("x"), g.parameter("w", 3.0)
    g.output(x * w)
    for _ in range(3):
        assert g.forward(2.0) == 6.0
        g_in, param_grads = g.backward(1.0)
        assert (g_in, param_grads) == (3.0, {"w": 2.0})


def test_layers_that_draw_or_count_or_are_somebody_elses_are_run_as_they_are():
    class Loud(ReLU):
        heard = 0

        def forward(self, x_in):
            self.heard += 1
            return super().forward(x_in)

    class Mine(Layer):
        heard = 0

        def forward(self, x_in):
            self.heard += 1
            return 2.0 * x_in

        def backward(self, g_out):
            return 2.0 * g_out, {}

    for kind in (Loud, Mine):
        model = Sequential(Linear(3, 4, rng=0), kind())
        for _ in range(3):
            model.forward(batch())
        assert model[1].heard == 3
    dropout = Sequential(Dropout(0.5, rng=0))
    x = np.ones(50)
    assert len({dropout.forward(x).tobytes() for _ in range(5)}) == 5


def test_a_forward_of_the_objects_own_is_called():
    model = Sequential(ReLU(), ReLU())
    heard = []
    plain = model[1].forward

    def loud(x_in):
        heard.append(x_in)
        return plain(x_in)

    model[1].forward = loud
    model = Sequential(*model)
    for _ in range(3):
        model.forward(np.ones(2))
    assert len(heard) == 3


def test_one_step_after_the_other_in_between():
    model, x, g = mlp(), batch(), batch(width=2, seed=1)
    before = passes(model, x, g)
    for nested in (False, True):
        list(model.forward_steps(batch(7), nested=nested))
        list(model.backward_steps(np.ones((7, 2)), nested=nested))
        next(model.forward_steps(batch(6), nested=nested))  # begun and left
        with pytest.raises(BackwardBeforeForwardError):
            model.backward(np.ones((7, 2)))
        for _ in range(2):
            assert_same(passes(model, x, g), before)


def test_what_was_returned_stays_as_it_is():
    model, x, g = mlp(), batch(), batch(width=2, seed=1)
    model.forward(x)
    x_out = model.forward(x)
    g_in, param_grads = model.backward(g)
    kept = copy.deepcopy((x_out, g_in, param_grads))
    model.update(param_grads, 0.5)
    model.forward(batch(seed=9))
    model.backward(-g)
    for a, b in zip(kept[:2], (x_out, g_in), strict=True):
        assert_same(a, b)
    assert_same(kept[2], param_grads)


def test_a_copy_has_an_operating_point_of_its_own():
    model, x, g = mlp(), batch(), batch(width=2, seed=1)
    before = passes(model, x, g)
    twin, tied = copy.deepcopy(model), model.tied()
    tied.forward(batch(7))
    twin.forward(batch(8))
    assert_same(model.backward(g)[0], mlp_backward(x, g))
    for other in (twin, tied, model):
        for _ in range(2):
            assert_same(passes(other, x, g), before)


def test_a_model_goes_when_nobody_holds_it():
    import weakref

    model = mlp()
    for _ in range(2):
        model.forward(batch())
    known = weakref.ref(model)
    del model
    assert known() is None  # no circle keeps its arrays until the garbage is collected
