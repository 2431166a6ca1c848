"""Every misuse in the table raises the right error, says where, what was expected, what came, and changes nothing."""

import copy

import numpy as np
import pytest

from graph import fit, sgd
from graph.checking.function import leaves
from layers import BackwardBeforeForwardError
from tests.graph.misuses.backward import BACKWARD, FRESH, STATE, UPDATE
from tests.graph.misuses.building import BUILD, TRAIN, train
from tests.graph.misuses.files import FILES
from tests.graph.misuses.forward import FORWARD
from tests.graph.misuses.judged import assert_as_before, assert_same_answer, ran, rows, says, snapshot
from tests.graph.misuses.subjects import CHAIN, XY, X, product


def test_there_are_sixty_misuses_and_more():
    assert sum(map(len, (FORWARD, BACKWARD, UPDATE, STATE, FRESH, BUILD, TRAIN, FILES))) >= 100


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
