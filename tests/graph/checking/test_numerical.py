"""Central differences, and kinks."""

import numpy as np
import pytest

from graph import numerical_gradient
from graph.checking.kinks import slope_at
from layers import ShapeError


def test_agrees_with_a_derivative_known_by_hand():
    x = np.array([[0.3, -2.0], [500.0, 0.0]])
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(np.sin(x)), x), np.cos(x), rtol=1e-6, atol=1e-9)


def test_x_stays_as_it_was_and_scalars_and_float32_go():
    x = np.array([1.0, 2.0], np.float32)
    x.flags.writeable = False
    np.testing.assert_allclose(numerical_gradient(lambda x: (x**2).sum(), x), [2, 4], rtol=1e-9)
    assert float(numerical_gradient(lambda x: x**3, 2)) == pytest.approx(12)


def test_g_out_weighs_the_outputs_and_must_fit():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(numerical_gradient(A.dot, [5.0, 6.0], [1.0, 10.0]), [31, 42], rtol=1e-9)
    with pytest.raises(ShapeError, match=r"g_out must be shaped like f\(x\), \(2,\), got \(3,\)"):
        numerical_gradient(A.dot, [5.0, 6.0], np.ones(3))


def test_x_is_put_back_when_f_fails():
    x = np.array([1.0, 2.0])

    def f():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        slope_at(f, x, (0,), [x], [x])
    np.testing.assert_array_equal(x, [1, 2])


@pytest.mark.parametrize(
    ("f", "x", "kink", "low", "high"),
    [
        (np.abs, 0.0, True, -1, 1),
        (np.abs, 1e-3, False, 1, 1),
        (lambda x: np.maximum(x, 0), 0.0, True, 0, 1),
        (lambda x: -np.abs(x), 0.0, True, -1, 1),
        (lambda x: 50 * x**2, 0.0, False, 0, 0),
        (lambda x: np.exp(40 * x), 0.0, False, 40, 40),
        (np.abs, 3e-6, False, 1, 1),  # within the first step of a kink, and not at it
    ],
)
def test_a_kink_is_told_from_curvature(f, x, kink, low, high):
    x = np.array([x])
    slope = slope_at(lambda: [f(x)], x, (0,), [f(x)], [np.ones(1)])
    assert slope.kink == kink
    assert slope.low == pytest.approx(low, rel=1e-4, abs=1e-6)
    assert slope.high == pytest.approx(high, rel=1e-4, abs=1e-6)


def test_a_very_large_x_still_moves():
    np.testing.assert_allclose(numerical_gradient(lambda x: 3 * x, [1e20, -1e15, 1e8]), 3, rtol=1e-3)
