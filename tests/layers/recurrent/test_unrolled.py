"""Unrolled is tied copies of a cell and nothing else: the same net by hand, cut ways back, states, time."""

import time

import numpy as np
import pytest

from graph import check_layer, unroll
from layers import GRUCell, Layer, LSTMCell, RNNCell, ShapeError, Unrolled

N, T, N_IN, N_HIDDEN = 4, 5, 3, 2
every_cell = pytest.mark.parametrize("kind", [RNNCell, GRUCell, LSTMCell], ids=lambda kind: kind.__name__)


def data(cell, rng, steps=T):
    """Sequences, states to start from, g_out and the gradients of the last states."""
    states = range(cell.n_states)
    return (
        rng.normal(size=(N, steps, N_IN)),
        [rng.normal(size=(N, N_HIDDEN)) for _ in states],
        rng.normal(size=(N, steps, N_HIDDEN)),
        [rng.normal(size=(N, N_HIDDEN)) for _ in states],
    )


@every_cell
@pytest.mark.parametrize("reverse", [False, True])
def test_equals_the_net_of_tied_cells_built_by_hand(kind, reverse):
    rng = np.random.default_rng(0)
    cell = kind(N_IN, N_HIDDEN, rng=rng)
    x, start, g_out, g_last = data(cell, rng)
    layer, by_hand = Unrolled(cell.tied(), reverse=reverse, states=True), unroll(cell, T)
    order = list(range(T))[:: -1 if reverse else 1]

    x_out, *last = layer.forward((x, *start))
    expected = by_hand.forward(*(x[:, t] for t in order), *start)
    np.testing.assert_allclose(x_out[:, order], np.stack(expected[:T], axis=1), rtol=1e-12)
    np.testing.assert_allclose(last[0], expected[T - 1], rtol=1e-12)
    np.testing.assert_allclose(last[-1], expected[-1], rtol=1e-12)

    (g_x, *g_start), param_grads = layer.backward((g_out, *g_last))
    g_steps = [g_out[:, t] for t in order]
    g_steps[-1] = g_steps[-1] + g_last[0]
    g_in, expected_grads = by_hand.backward((*g_steps, *g_last[1:]))
    np.testing.assert_allclose(g_x[:, order], np.stack(g_in[:T], axis=1), rtol=1e-10)
    for g, other in zip(g_start, g_in[T:], strict=True):
        np.testing.assert_allclose(g, other, rtol=1e-10)
    assert list(param_grads) == ["x_W", "h_W", "x_b", "h_b"]
    for name, g in param_grads.items():
        np.testing.assert_allclose(g, expected_grads[f"step1.{name}"], rtol=1e-10)


@every_cell
def test_windows_cut_the_way_back_and_nothing_else(kind):
    """In windows of 2: each window by itself, its first state a constant."""
    rng = np.random.default_rng(1)
    cell = kind(N_IN, N_HIDDEN, rng=rng)
    x, start, g_out, _ = data(cell, rng)
    cut, part = Unrolled(cell.tied(), window=2), Unrolled(cell.tied(), states=True)
    x_out = cut.forward((x, *start))
    (g_x, *g_start), param_grads = cut.backward(g_out)
    np.testing.assert_array_equal(x_out, Unrolled(cell.tied()).forward((x, *start)))

    total = dict.fromkeys(cell.params, 0.0)
    state, none = start, [np.zeros((N, N_HIDDEN)) for _ in start]
    for window in (slice(0, 2), slice(2, 4), slice(4, 5)):
        _, *state = part.forward((x[:, window], *state))
        (g_part, *g_state), grads = part.backward((g_out[:, window], *none))
        np.testing.assert_allclose(g_x[:, window], g_part, rtol=1e-10)
        if window.start == 0:
            np.testing.assert_allclose(g_start[0], g_state[0], rtol=1e-10)
        total = {name: total[name] + grads[name] for name in grads}
    for name, g in param_grads.items():
        np.testing.assert_allclose(g, total[name], rtol=1e-10)
    whole = Unrolled(cell.tied())
    whole.forward((x, *start))
    assert not np.allclose(whole.backward(g_out)[1]["h_W"], param_grads["h_W"])


def test_a_window_as_long_as_the_sequence_cuts_nothing():
    rng = np.random.default_rng(1)
    cell = RNNCell(N_IN, N_HIDDEN, rng=rng)
    x, _, g_out, _ = data(cell, rng)
    grads = []
    for window in (None, T, T + 1):
        layer = Unrolled(cell.tied(), window=window)
        layer.forward(x)
        grads.append(layer.backward(g_out)[1]["h_W"])
    np.testing.assert_array_equal(grads[0], grads[1])
    np.testing.assert_array_equal(grads[0], grads[2])


@every_cell
def test_the_state_is_zero_unless_given(kind):
    rng = np.random.default_rng(2)
    cell = kind(N_IN, N_HIDDEN, rng=rng)
    x, start, g_out, _ = data(cell, rng)
    layer = Unrolled(cell)
    np.testing.assert_array_equal(layer.forward(x), layer.forward((x, *map(np.zeros_like, start))))
    assert type(layer.backward(g_out)[0]) is tuple
    layer.forward(x)
    assert layer.backward(g_out)[0].shape == x.shape


@every_cell
@pytest.mark.parametrize("options", [{}, {"reverse": True}, {"states": True}], ids=str)
def test_check_layer_finds_nothing(kind, options):
    rng = np.random.default_rng(3)
    layer = Unrolled(kind(N_IN, N_HIDDEN, rng=rng), **options)
    report = check_layer(layer, rng.normal(size=(N, 3, N_IN)), strict=True)
    assert not report.findings, report


class Leaky(Layer):
    """A cell of a reader's own: h' = a h + x, with one parameter."""

    def __init__(self, a):
        self.params = {"a": np.array(a)}

    def forward(self, x_in):
        x, self.h = x_in
        return x + self.params["a"] * self.h

    def backward(self, g_out):
        return (g_out, self.params["a"] * g_out), {"a": np.sum(self.h * g_out)}


def test_a_cell_of_the_readers_own():
    layer = Unrolled(Leaky(0.5))
    x_out = layer.forward(([[8.0], [0.0], [0.0]], [16.0]))
    np.testing.assert_array_equal(x_out, [[16.0], [8.0], [4.0]])
    (g_x, g_h), param_grads = layer.backward([[0.0], [0.0], [1.0]])
    np.testing.assert_array_equal(g_x, [[0.25], [0.5], [1.0]])
    assert (g_h.item(), param_grads["a"].item()) == (0.125, 0.25 * 16 + 0.5 * 16 + 8)
    with pytest.raises(ShapeError, match="h_0"):
        layer.forward([[8.0], [0.0]])


def test_what_is_refused():
    with pytest.raises(TypeError, match="cell must be a Layer"):
        Unrolled(RNNCell)
    with pytest.raises(ValueError, match="window must be 1 or more"):
        Unrolled(RNNCell(3, 2), window=0)
    layer = Unrolled(RNNCell(3, 2, rng=0))
    with pytest.raises(ShapeError, match="T 1 or more"):
        layer.forward(np.ones((4, 0, 3)))
    with pytest.raises(ShapeError, match=r'Unrolled, layer 0 \("cell", RNNCell\(3 -> 2\)\): x_in must be'):
        layer.forward(np.ones((4, 5, 2)))


def test_update_moves_the_shared_weights_once():
    layer = Unrolled(RNNCell(3, 2, rng=0))
    before = layer.params["h_W"].copy()
    x = np.random.default_rng(0).normal(size=(4, 5, 3))
    layer.forward(x)
    _, param_grads = layer.backward(np.ones((4, 5, 2)))
    layer.update(param_grads, lr=0.1)
    np.testing.assert_allclose(layer.cell.params["h_W"], before - 0.1 * param_grads["h_W"], rtol=1e-12)


def test_time_is_linear_in_the_number_of_steps():
    layer = Unrolled(GRUCell(8, 16, rng=0))

    def seconds(steps):
        x, best = np.ones((8, steps, 8)), np.inf
        for _ in range(7):
            start = time.process_time()
            g_out = np.ones_like(layer.forward(x))
            layer.backward(g_out)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(200) < 8 * seconds(50)  # 4 if linear, 16 if quadratic


@pytest.mark.parametrize("given", [False, True], ids=["from zeros", "from h_0"])
def test_data_of_another_dtype_is_computed_in_that_of_the_cell(given):
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=(4, 3, 3)).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32)
    wide, narrow = ((x.astype(dtype), h.astype(dtype)) if given else x.astype(dtype) for dtype in (float, np.float32))
    layer = Unrolled(RNNCell(3, 2, rng=0))
    expected = layer.forward(wide)
    x_out = layer.forward(narrow)
    assert x_out.dtype == np.float64
    np.testing.assert_array_equal(x_out, expected)
