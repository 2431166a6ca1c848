"""The recurrent cells: gate order, options, and what they refuse."""

import numpy as np
import pytest

from graph import check_gradients
from layers import DtypeError, GRUCell, LSTMCell, RNNCell, ShapeError
from losses import L2Penalty

CELLS = [RNNCell, GRUCell, LSTMCell]
every_cell = pytest.mark.parametrize("kind", CELLS, ids=lambda kind: kind.__name__)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_lstm_gates_stand_in_the_order_i_f_g_o():
    rng = np.random.default_rng(0)
    cell = LSTMCell(3, 2, rng=rng)
    x, h, c = rng.normal(size=3), rng.normal(size=2), rng.normal(size=2)
    p = cell.params
    i, f, g, o = (p["x_W"] @ x + p["x_b"] + p["h_W"] @ h + p["h_b"]).reshape(4, 2)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    for ours, expected in zip(cell.forward((x, h, c)), (sigmoid(o) * np.tanh(c_new), c_new), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-12)


def test_gru_gates_stand_in_the_order_r_z_n():
    rng = np.random.default_rng(0)
    cell = GRUCell(3, 2, rng=rng)
    x, h = rng.normal(size=3), rng.normal(size=2)
    p = cell.params
    a, q = (p["x_W"] @ x + p["x_b"]).reshape(3, 2), (p["h_W"] @ h + p["h_b"]).reshape(3, 2)
    r, z = sigmoid(a[0] + q[0]), sigmoid(a[1] + q[1])
    n = np.tanh(a[2] + r * q[2])
    np.testing.assert_allclose(cell.forward((x, h)), (1 - z) * n + z * h, rtol=1e-12)


@every_cell
@pytest.mark.parametrize("bias", [True, False])
def test_options_have_right_gradients(kind, bias):
    rng = np.random.default_rng(1)
    cell = kind(3, 2, bias=bias, rng=rng)
    assert ("x_b" in cell.params) is bias
    assert ("bias=False" in repr(cell)) is not bias
    x_in = (rng.normal(size=(4, 3)), *(rng.normal(size=(4, 2)) for _ in range(cell.n_states)))
    assert check_gradients(cell, x_in).ok


def test_relu_cell_has_right_gradients():
    rng = np.random.default_rng(1)
    cell = RNNCell(3, 2, activation="relu", rng=rng)
    assert check_gradients(cell, (rng.normal(size=(4, 3)), rng.normal(size=(4, 2)))).ok


@every_cell
def test_from_arrays_copies_and_computes_the_same(kind):
    rng = np.random.default_rng(2)
    cell = kind(3, 2, rng=rng)
    other = kind.from_arrays(*cell.params.values())
    _, x_in = kind.example(rng)
    for a, b in zip(np.atleast_2d(cell.forward(x_in)), np.atleast_2d(other.forward(x_in)), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not any(np.shares_memory(theta, other.params[name]) for name, theta in cell.params.items())


@every_cell
def test_sizes_that_do_not_go_together_are_refused(kind):
    n = kind.n_gates
    with pytest.raises(ShapeError, match="x_W must have"):
        kind.from_arrays(np.ones((n + 1, 3)), np.ones((n, 1)))
    with pytest.raises(ShapeError, match="h_b must have"):
        kind.from_arrays(np.ones((n, 3)), np.ones((n, 1)), np.ones(n), np.ones(n + 1))
    with pytest.raises(DtypeError, match="h_b"):
        kind.from_arrays(np.ones((n, 3)), np.ones((n, 1)), np.ones(n))
    with pytest.raises(ValueError, match="n_hidden must be 1 or more"):
        kind(3, 0)


@every_cell
def test_a_state_of_the_wrong_shape_is_refused(kind):
    cell = kind(3, 2, rng=0)
    states = [np.ones((5, 2)) for _ in range(cell.n_states)]
    with pytest.raises(ShapeError, match=r"x_in must be \(..., 3\) and \(..., 2\)"):
        cell.forward((np.ones((5, 3)), np.ones((4, 2)), *states[1:]))
    with pytest.raises(ShapeError, match="tuple of"):
        cell.forward(np.ones((5, 3)))


def test_an_activation_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="tanh"):
        RNNCell(3, 2, activation="sine")


@every_cell
def test_extreme_inputs_stay_finite(kind):
    cell, x_in = kind.example(0)
    x_out = cell.forward(tuple(1e4 * x for x in x_in))
    g_in, param_grads = cell.backward(tuple(map(np.ones_like, x_out)) if kind is LSTMCell else np.ones_like(x_out))
    assert all(np.isfinite(g).all() for g in (*g_in, *param_grads.values()))


def test_the_penalty_counts_both_weights_and_no_bias():
    cell = GRUCell(3, 2, rng=0)
    penalty = L2Penalty(0.5)
    penalty.forward(cell.params)
    assert set(penalty.backward()[1]) == {"x_W", "h_W"}
