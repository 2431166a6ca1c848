"""Kinks in a gradient check: any subgradient is accepted, and nothing else."""

import numpy as np
import pytest

from graph import check_gradients
from layers import Max, MaxPool2d, ReLU
from losses import L1Loss, SVMLoss


@pytest.mark.parametrize("at_zero", [0.0, 0.3, 1.0])
def test_any_subgradient_is_accepted_at_a_kink(at_zero):
    report = check_gradients(ReLU(at_zero=at_zero), [0.0, 1.0, 0.0, -1.0])
    assert report.ok
    assert report["x_in"].kinks == [(0,), (2,)]
    assert "2 at a kink" in repr(report)


def test_no_more_than_a_subgradient_is_accepted():
    for at_zero in (1.5, -0.5):
        layer = ReLU()
        layer.at_zero = at_zero
        assert not check_gradients(layer, [0.0, 1.0]).ok


def test_a_tie_in_max_is_a_kink_and_its_gradients_add_up_to_one():
    x = (np.array([1.0, 5.0]), np.array([1.0, 2.0]))
    report = check_gradients(Max(), x)
    assert report.ok
    assert report["x_in[0]"].kinks == report["x_in[1]"].kinks == [(0,)]

    class Both(Max):
        def backward(self, g_out):
            _, other = super().backward(g_out)
            return tuple(g_out * (a >= np.maximum(*x)) for a in x), other

    wrong = check_gradients(Both(), x)
    assert [entry.name for entry in wrong.entries if not entry.ok] == ["kinks, moved together"]


def test_a_hinge_and_an_absolute_value_on_their_kinks():
    assert check_gradients(SVMLoss(), (np.array([[2.0, 1.0, 0.0]]), np.array([0])))["y_hat"].kinks
    assert check_gradients(L1Loss(), (np.array([[2.0, 1.0]]), np.array([[2.0, 0.0]])))["y_hat"].kinks == [(0, 0)]


def test_a_tie_in_a_pooling_window_is_a_kink():
    report = check_gradients(MaxPool2d(2), np.ones((1, 1, 2, 4)))
    assert report.ok
    assert len(report["x_in"].kinks) == 8
    assert report["kinks, moved together"].ok

    class Spread(MaxPool2d):
        def backward(self, g_out):
            return np.repeat(np.repeat(g_out, 2, 2), 2, 3), {}

    assert not check_gradients(Spread(2), np.ones((1, 1, 2, 4))).ok
