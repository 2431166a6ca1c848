"""Recurrent nets of several layers and both directions, against the same built of chains and branches."""

import numpy as np
import pytest

from graph import Parallel, Recurrent, Sequential, check_layer, load, save, unroll
from layers import Branch, GRUCell, LSTMCell, Merge, RNNCell, Unrolled
from tests.graph.flat_check import assert_flat_agrees


def pair(kind, n_in, n_hidden, rng):
    return kind(n_in, n_hidden, rng=rng), kind(n_in, n_hidden, rng=rng)


@pytest.mark.parametrize("kind", [RNNCell, GRUCell, LSTMCell], ids=lambda kind: kind.__name__)
def test_two_layers_in_both_directions_are_chains_and_branches(kind):
    rng = np.random.default_rng(0)
    first, second = pair(kind, 3, 2, rng), pair(kind, 4, 2, rng)
    net = Recurrent(first, second)
    by_hand = Sequential(
        *(
            Sequential(Branch(2), Parallel(Unrolled(there.tied()), Unrolled(back.tied(), reverse=True)), Merge())
            for there, back in (first, second)
        )
    )
    x, g_out = rng.normal(size=(4, 5, 3)), rng.normal(size=(4, 5, 4))
    np.testing.assert_allclose(net.forward(x), by_hand.forward(x), rtol=1e-12)
    g_in, param_grads = net.backward(g_out)
    expected, expected_grads = by_hand.backward(g_out)
    np.testing.assert_allclose(g_in, expected, rtol=1e-10)
    for g, other in zip(param_grads.values(), expected_grads.values(), strict=True):
        np.testing.assert_allclose(g, other, rtol=1e-10)


def test_states_go_in_and_come_out():
    rng = np.random.default_rng(1)
    net = Recurrent(pair(LSTMCell, 3, 2, rng), LSTMCell(4, 2, rng=rng), states=True)
    names = ["x", "there0_h0", "there0_c0", "back0_h0", "back0_c0", "layer1_h0", "layer1_c0"]
    assert [wire.name for wire in net.inputs] == names
    x_in = (rng.normal(size=(4, 5, 3)), *(rng.normal(size=(4, 2)) for _ in range(6)))
    x_out, *ends = net.forward(*x_in)
    assert len(ends) == 6
    np.testing.assert_array_equal(ends[4], x_out[:, -1])
    report = check_layer(net, x_in, strict=True)
    assert not report.findings, report


def test_a_sequence_in_two_parts_is_the_whole_if_the_state_is_handed_on():
    rng = np.random.default_rng(2)
    net = Recurrent(GRUCell(3, 2, rng=rng), GRUCell(2, 2, rng=rng), states=True)
    x, start = rng.normal(size=(4, 6, 3)), 2 * (np.zeros((4, 2)),)
    whole, *_ = net.forward(x, *start)
    first, *state = net.forward(x[:, :4], *start)
    second, *_ = net.forward(x[:, 4:], *state)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, rtol=1e-12)


def test_saved_and_loaded(tmp_path):
    rng = np.random.default_rng(3)
    net, other = Recurrent(pair(GRUCell, 3, 2, rng)), Recurrent(pair(GRUCell, 3, 2, rng))
    x = rng.normal(size=(4, 5, 3))
    save(net, tmp_path / "net.npz")
    load(other, tmp_path / "net.npz")
    np.testing.assert_array_equal(net.forward(x), other.forward(x))


def test_no_cell_is_refused():
    with pytest.raises(ValueError, match="one cell or more"):
        Recurrent()


@pytest.mark.parametrize("options", [{}, {"activation": "relu"}, {"bias": False}], ids=str)
def test_flat_code_of_an_unrolled_net(options):
    rng = np.random.default_rng(4)
    net = unroll(RNNCell(3, 2, rng=rng, **options), 4)
    x_in = [*rng.normal(size=(4, 5, 3)), rng.normal(size=(5, 2))]
    x_out = net.forward(*x_in)
    g_out = tuple(rng.normal(size=(4, 5, 2)))
    assert_flat_agrees(net, x_in, x_out, g_out, *net.backward(g_out))
