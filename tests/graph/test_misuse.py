"""Every misuse in the table raises the right error, says where, what was expected, what came, and changes nothing."""

import copy

import numpy as np
import pytest

from graph import Sequential, fit, sgd
from graph.checking.function import Function, leaves
from graph.places import walk
from layers import BackwardBeforeForwardError, Identity, ShapeError
from tests.graph.misuses.backward import BACKWARD, FRESH, STATE, UPDATE
from tests.graph.misuses.building import BUILD, TRAIN, train
from tests.graph.misuses.forward import FORWARD
from tests.graph.misuses.subjects import CHAIN, XY, Own, X, nested, product


def rows(table):
    return [pytest.param(*row, id=name) for name, row in table.items()]


def says(caught, kind, words):
    """The error is of the kind, and its message (with the notes) holds the words."""
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    missing = [word for word in words if word not in text]
    assert not missing, f"{text!r} lacks {missing}"
    assert isinstance(caught.value, kind)


def snapshot(layer, *arguments):
    """Parameters, state and arguments, as copies."""
    kept = [theta.copy() for theta in layer.params.values()] + list(layer.state().values())
    return kept + [np.array(leaf) for argument in arguments for leaf in leaves(argument) if leaf is not None]


def assert_as_before(before, layer, *arguments):
    after = snapshot(layer, *arguments)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def ran(layer, x_in):
    """The layer after a forward that is right, a g_out that fits, and the answer of its backward."""
    function = Function(layer, x_in)
    rng = np.random.default_rng(0)
    g_outs = [rng.normal(size=x.shape) for x in function.forward()]
    return function, g_outs, answer(function, g_outs)


def answer(function, g_outs):
    g_ins, param_grads = function.backward(g_outs)
    return [np.array(g) for g in [*g_ins, *param_grads.values()] if g is not None]


def assert_same_answer(function, g_outs, expected):
    for one, other in zip(answer(function, g_outs), expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_there_are_sixty_misuses_and_more():
    assert sum(map(len, (FORWARD, BACKWARD, UPDATE, STATE, FRESH, BUILD, TRAIN))) >= 100


@pytest.mark.parametrize(("make", "good", "bad", "error", "words"), rows(FORWARD))
def test_forward(make, good, bad, error, words):
    layer = make()
    function, g_outs, _ = ran(layer, good)
    before = snapshot(layer)
    kept = copy.deepcopy(bad)
    with pytest.raises(error) as caught:
        layer.forward(*bad) if function.spread else layer.forward(bad)
    says(caught, error, words)
    assert_as_before(before, layer)
    for one, other in zip(leaves(kept), leaves(bad), strict=True):
        assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other
    with pytest.raises(BackwardBeforeForwardError):
        function.backward(g_outs)


@pytest.mark.parametrize(("make", "good", "bad", "error", "words"), rows(BACKWARD))
def test_backward(make, good, bad, error, words):
    layer = make()
    function, g_outs, expected = ran(layer, good)
    before = snapshot(layer, bad)
    with pytest.raises(error) as caught:
        layer.backward(bad)
    says(caught, error, words)
    assert_as_before(before, layer, bad)
    assert_same_answer(function, g_outs, expected)


@pytest.mark.parametrize(("make", "param_grads", "lr", "error", "words"), rows(UPDATE))
def test_update(make, param_grads, lr, error, words):
    layer = make()
    x_in = XY if make is product else X
    function, g_outs, expected = ran(layer, x_in)
    before = snapshot(layer)
    with pytest.raises(error) as caught:
        layer.update(param_grads, lr)
    says(caught, error, words)
    assert_as_before(before, layer)
    assert_same_answer(function, g_outs, expected)


@pytest.mark.parametrize(("make", "state", "error", "words"), rows(STATE))
def test_load_state(make, state, error, words):
    layer = make()
    before = snapshot(layer)
    with pytest.raises(error) as caught:
        layer.load_state({**layer.state(), **state})
    says(caught, error, words)
    assert_as_before(before, layer)


@pytest.mark.parametrize(("make", "g_out", "words"), rows(FRESH))
def test_backward_before_forward(make, g_out, words):
    with pytest.raises(BackwardBeforeForwardError) as caught:
        make().backward(g_out)
    says(caught, BackwardBeforeForwardError, words)


@pytest.mark.parametrize(("call", "error", "words"), rows(BUILD))
def test_build_and_look(call, error, words):
    before = snapshot(CHAIN)
    with pytest.raises(error) as caught:
        call()
    says(caught, error, words)
    assert_as_before(before, CHAIN)


@pytest.mark.parametrize(("changed", "error", "words"), rows(TRAIN))
@pytest.mark.parametrize("how", [fit, sgd], ids=["fit", "sgd"])
def test_training(how, changed, error, words):
    before = snapshot(CHAIN)
    with pytest.raises(error) as caught:
        list(train(how, **changed))
    says(caught, error, words)
    assert_as_before(before, CHAIN)


def test_a_readers_own_error_gets_its_place_as_a_note():
    model = Sequential(first=Identity(), second=Sequential(Own()))
    with pytest.raises(ValueError, match="matmul") as caught:
        model.forward(np.ones((5, 9)))
    says(caught, ValueError, ["raised in: Sequential", 'layer 1 ("second", Sequential)', "layer 0 (Own())"])


def test_every_place_of_a_deep_error_is_named_outermost_first():
    model = nested()
    for name, layer in walk(model):
        if name == "1.1.0.0":
            inner = layer
    inner.params["W"] = np.ones((4, 7))
    with pytest.raises(ShapeError) as caught:
        model.forward(X)
    text = str(caught.value)
    places = ["Sequential, layer 1 (Residual)", "layer 1 (Parallel)", "layer 0 (Sequential)", "layer 0 (Linear(7"]
    assert [text.find(place) for place in places] == sorted(text.find(place) for place in places)
    assert text.find(places[0]) == 0
    assert -1 not in [text.find(place) for place in places]
