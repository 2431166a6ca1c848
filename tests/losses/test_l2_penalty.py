"""The penalty: its number, its gradients, what it counts and what it leaves alone."""

import numpy as np
import pytest

from graph import Parallel, Sequential
from layers import Add, BackwardBeforeForwardError, Branch, DtypeError, Linear, ReLU, ShapeError
from losses import L2Penalty
from tests.losses.found import numeric_gradient


def test_the_gradient_is_the_derivative_of_the_value():
    penalty, params = L2Penalty.example(0)
    for name in ("0.W", "1.W"):
        numeric = numeric_gradient(lambda W, name=name: penalty.forward({**params, name: W}), params[name])
        penalty.forward(params)
        _, gradients = penalty.backward()
        np.testing.assert_allclose(gradients[name], numeric, rtol=1e-8)
    assert list(gradients) == ["0.W", "1.W"]  # no bias


def test_names_count_by_their_last_letter():
    params = {name: np.ones(1) for name in ["W", "0.W", "deep.1.cell_W", "W.b", "gamma", "Wx", "w"]}
    penalty = L2Penalty(1.0)
    assert penalty.forward(params) == 3
    assert list(penalty.backward()[1]) == ["W", "0.W", "deep.1.cell_W"]


def test_a_tied_parameter_counts_once():
    linear = Linear.from_arrays([[1.0, 2.0], [0.0, 3.0]])
    model = Sequential(Branch(2), Parallel(linear, linear.tied()), Add(), ReLU(), linear.tied(transpose=True))
    penalty = L2Penalty(0.5)
    assert penalty.forward(model.params) == 0.5 * (1 + 4 + 9)
    _, gradients = penalty.backward()
    assert len(gradients) == 1
    model.update(gradients, lr=1.0)  # W - 2 * 0.5 * W
    np.testing.assert_array_equal(linear.params["W"], 0)


def test_nothing_is_written_and_nothing_is_shared():
    W = np.ones((2, 2))
    W.flags.writeable = False
    penalty = L2Penalty(0.5)
    penalty.forward({"W": W})
    _, first = penalty.backward()
    assert not np.shares_memory(first["W"], W)
    first["W"] += 5
    np.testing.assert_array_equal(penalty.backward()[1]["W"], W)


def test_g_out_scales_and_float32_stays():
    penalty = L2Penalty(0.5)
    assert penalty.forward({"W": np.ones((2, 2), np.float32)}).dtype == np.float32
    gradient = penalty.backward(3.0)[1]["W"]
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, 3)


def test_without_weights_there_is_nothing_to_pay():
    penalty = L2Penalty(0.5)
    assert penalty.forward({"b": np.ones(3)}) == 0
    assert penalty.backward() == (None, {})


@pytest.mark.parametrize("strength", [-1.0, np.nan, np.inf])
def test_a_wrong_strength_is_refused(strength):
    with pytest.raises(ValueError, match="strength"):
        L2Penalty(strength)


def test_wrong_use_is_refused():
    penalty = L2Penalty(1.0)
    with pytest.raises(BackwardBeforeForwardError, match=r"forward\(params\)"):
        penalty.backward()
    penalty.forward({"W": np.ones(2)})
    with pytest.raises(ShapeError, match="g_out"):
        penalty.backward(np.ones(2))
    with pytest.raises(TypeError, match=r"model\.params"):
        penalty.forward([np.ones(2)])
    with pytest.raises(DtypeError, match="W must be an array of real numbers"):
        penalty.forward({"W": "heavy"})
    with pytest.raises(BackwardBeforeForwardError):  # the forward before has failed
        penalty.backward()
