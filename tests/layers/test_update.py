"""The move of all parameters of a container, those that are single numbers as one array."""

import numpy as np
import pytest

from graph import Graph, Sequential
from layers import Add, Gate, Linear
from layers.update import move


def arrays(seed=0):
    """Parameters and gradients of several shapes in both dtypes, the scalars in between."""
    rng = np.random.default_rng(seed)
    shapes = [(), (3,), (), (2, 3), (), (0, 3), ()]
    dtypes = [np.float32, np.float64, np.float64, np.float32, np.float32, np.float64, np.float64]
    return [np.array(rng.normal(size=shape), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]


@pytest.mark.parametrize("lr", [0.0, 0.1, 1e30])
def test_each_is_moved_by_lr_times_its_own_gradient(lr):
    thetas, gs = arrays(), arrays(1)
    expected = [theta - np.asarray(lr, theta.dtype) * g for theta, g in zip(thetas, gs, strict=True)]
    move(list(zip(thetas, gs, strict=True)), lr)
    for theta, moved in zip(thetas, expected, strict=True):
        assert theta.dtype == moved.dtype
        assert theta.tobytes() == moved.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_may_be_a_number_of_numpys(dtype):
    g = Graph()
    g.output(g.add(Add(), g.parameter("a", 2.0, dtype), g.parameter("b", 3.0, dtype)))
    a = g.params["a"]
    g.update({"a": dtype(1.0), "b": np.array(1.0)}, 0.5)
    assert (g.params["a"], g.params["b"]) == (1.5, 2.5)
    assert a is g.params["a"]
    with pytest.raises(ValueError, match=r'param_grads\["b"\] must be \(\), got \(1,\)'):
        g.update({"a": dtype(1.0), "b": np.ones(1)}, 0.5)
    assert g.params["a"] == 1.5


def test_an_infinite_number_stays_in_its_place():
    model = Sequential(Gate(1.0), Gate(2.0), Linear.from_arrays([[3.0]]))
    model.update({"0.h": np.array(np.inf), "1.h": np.array(1.0), "2.W": np.array([[1.0]])}, 1.0)
    assert [float(theta.sum()) for theta in model.params.values()] == [-np.inf, 1.0, 2.0]
