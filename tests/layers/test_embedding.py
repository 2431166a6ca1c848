"""Embedding and Bilinear: against the linear layers they are made of, and what they refuse."""

import numpy as np
import pytest

from layers import Bilinear, DomainError, DtypeError, Embedding, Linear, ShapeError


def test_embedding_is_a_linear_layer_of_one_hot_rows():
    rng = np.random.default_rng(0)
    W, x_in = rng.normal(size=(6, 3)), rng.integers(6, size=(4, 5))
    embedding, linear = Embedding.from_arrays(W), Linear.from_arrays(W.T)
    x_out = embedding.forward(x_in)
    np.testing.assert_array_equal(x_out, linear.forward(np.eye(6)[x_in]))
    g_out = rng.normal(size=x_out.shape)
    g_in, param_grads = embedding.backward(g_out)
    assert g_in is None
    np.testing.assert_allclose(param_grads["W"], linear.backward(g_out)[1]["W"].T, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("x_in", [np.array(2), [2, 0], np.array([[1]], np.uint8)])
def test_embedding_hands_out_copies(x_in):
    layer = Embedding(3, 2, rng=0)
    x_out = layer.forward(x_in)
    assert x_out.shape == (*np.shape(x_in), 2)
    assert not np.shares_memory(x_out, layer.params["W"])


@pytest.mark.parametrize("index", [3, -1])
def test_index_out_of_range_is_refused(index):
    with pytest.raises(DomainError, match=f"between 0 and 2, got {index}"):
        Embedding(3, 2, rng=0).forward([0, index])


@pytest.mark.parametrize("x_in", [[0.0, 1.0], [True, False], ["a"], (np.array([1]), np.array([1]))])
def test_anything_but_integers_is_refused(x_in):
    with pytest.raises(DtypeError, match="integers"):
        Embedding(3, 2, rng=0).forward(x_in)


def test_from_arrays_copies_and_checks():
    W = np.ones((3, 2))
    layer = Embedding.from_arrays(W)
    layer.params["W"][...] = 0.0
    assert (W == 1.0).all()
    with pytest.raises(ShapeError, match="W must be"):
        Embedding.from_arrays(np.ones(3))


def test_bilinear_is_linear_in_each_input():
    rng = np.random.default_rng(0)
    W, b, x1, x2 = (rng.normal(size=shape) for shape in [(2, 3, 4), 2, (5, 3), (5, 4)])
    layer = Bilinear.from_arrays(W, b)
    wanted = [[x1[n] @ W[k] @ x2[n] + b[k] for k in range(2)] for n in range(5)]
    np.testing.assert_allclose(layer.forward((x1, x2)), wanted, rtol=1e-13)
    without = Bilinear(3, 4, 2, bias=False, rng=0)
    assert list(without.params) == ["W"]
    np.testing.assert_allclose(without.forward((2 * x1, 3 * x2)), 6 * without.forward((x1, x2)), rtol=1e-13)


@pytest.mark.parametrize("shapes", [((5, 3), (4, 4)), ((5, 4), (5, 4)), ((5, 3), (5, 3))], ids=str)
def test_bilinear_refuses_shapes_that_do_not_fit(shapes):
    with pytest.raises(ShapeError, match=r"\(\.\.\., 3\) and \(\.\.\., 4\)"):
        Bilinear(3, 4, 2, rng=0).forward(tuple(np.ones(shape) for shape in shapes))


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint64, np.int64])
def test_indices_of_any_width_add_up_in_the_right_rows(kind):
    """A place in W, index times width, may be too large for the dtype that the index came in."""
    layer = Embedding(100, 50, rng=0)
    x_in, g_out = np.array([[99, 3], [99, 0]], kind), np.random.default_rng(0).normal(size=(2, 2, 50))
    layer.forward(x_in)
    expected = np.zeros((100, 50))
    np.add.at(expected, x_in.astype(int), g_out)
    np.testing.assert_allclose(layer.backward(g_out)[1]["W"], expected, rtol=1e-12)
