"""The Jacobian: the documents' printed ones, agreement with backward for every layer of the kit, and the refusal."""

import inspect

import numpy as np
import pytest

import layers
import losses
from graph import Graph, Parallel, Sequential, jacobian
from graph.checking.function import Function
from layers import Add, BackwardBeforeForwardError, Branch, Identity, Layer, Linear, ParameterNameError, ReLU
from losses import L2Loss, SoftmaxCrossEntropy

KIT = [
    kind
    for module in (layers, losses)
    for kind in vars(module).values()
    if inspect.isclass(kind) and issubclass(kind, Layer) and hasattr(kind, "example") and kind is not losses.L2Penalty
]


def contracted(g_out, L):
    return np.tensordot(g_out, L, axes=np.ndim(g_out))


@pytest.mark.parametrize("kind", KIT, ids=lambda kind: kind.__name__)
def test_g_out_times_the_jacobian_is_backward(kind):
    layer, x_in = kind.example(3)
    function = Function(layer, x_in)
    layer.eval()
    x_outs = function.forward()
    rng = np.random.default_rng(0)
    g_outs = [rng.normal(size=x.shape) for x in x_outs]
    g_ins, param_grads = function.backward(g_outs)
    having = sum(g is not None for g in g_ins)
    many_in = having > 1 or (having == len(g_ins) and type(x_in) is tuple)
    many_out = type(function.x_out) is tuple
    if any(g is not None for g in g_ins):
        L_x = jacobian(layer, x_in)
        rows = [part if many_in else (part,) for part in (L_x if many_out else (L_x,))]
        for i, g in enumerate(g for g in g_ins if g is not None):
            total = sum(contracted(g_out, row[i]) for g_out, row in zip(g_outs, rows, strict=True))
            np.testing.assert_allclose(total, g, rtol=1e-12, atol=1e-13)
    for name in layer.params:
        L = jacobian(layer, x_in, wrt=name)
        L = L if many_out else (L,)
        assert [part.shape for part in L] == [x.shape + layer.params[name].shape for x in x_outs]
        total = sum(map(contracted, g_outs, L))
        np.testing.assert_allclose(total, param_grads[name], rtol=1e-12, atol=1e-13)


def test_the_slides_relu():
    np.testing.assert_array_equal(jacobian(ReLU(), [1.0, -2.0, 3.0, -1.0]), np.diag([1.0, 0, 1, 0]))
    assert [4, -1, 5, 9] @ jacobian(ReLU(), [1.0, -2.0, 3.0, -1.0]) == pytest.approx([4, 0, 5, 0])


def test_the_articles_affine_layer():
    W, x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([7.0, 8.0, 9.0])
    layer = Linear.from_arrays(W, [0.5, -0.5])
    np.testing.assert_array_equal(jacobian(layer, x), W)
    np.testing.assert_array_equal(jacobian(layer, x, wrt="b"), np.eye(2))
    zero = np.zeros(3)
    np.testing.assert_array_equal(jacobian(layer, x, wrt="W"), [[x, zero], [zero, x]])


def test_datapoints_do_not_meet_in_a_batch():
    W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    L = jacobian(Linear.from_arrays(W), np.ones((4, 2)))
    assert L.shape == (4, 3, 4, 2)
    for i in range(4):
        for j in range(4):
            np.testing.assert_array_equal(L[i, :, j], W if i == j else 0 * W)


def test_the_slides_256_gb_are_refused():
    layer = Linear.from_arrays(np.zeros((4096, 4096), np.float32))
    with pytest.raises(ValueError, match=r"\(64, 4096, 64, 4096\), 256 GB in float32"):
        jacobian(layer, np.zeros((64, 4096), np.float32))


def test_max_bytes_is_a_limit_and_not_a_guess():
    assert jacobian(ReLU(), np.ones(4), max_bytes=128).shape == (4, 4)
    with pytest.raises(ValueError, match=r"\(4, 4\), 128 bytes in float64"):
        jacobian(ReLU(), np.ones(4), max_bytes=127)


class Mixing(Layer):
    """Subtracts the mean over datapoints: the copies of one batch would meet."""

    def forward(self, x_in):
        return x_in - x_in.mean(axis=0)

    def backward(self, g_out):
        Mixing.calls += 1
        return g_out - g_out.mean(axis=0), {}


def test_a_layer_that_mixes_datapoints_is_not_run_in_blocks():
    Mixing.calls = 0
    L = jacobian(Mixing(), np.random.default_rng(0).normal(size=(6, 2)))
    np.testing.assert_allclose(L, np.einsum("ij,kl->ikjl", np.eye(6) - 1 / 6, np.eye(2)), atol=1e-15)
    assert Mixing.calls > 12


def test_blocks_save_passes():
    calls = []

    class Counting(ReLU):
        def backward(self, g_out):
            calls.append(np.shape(g_out))
            return super().backward(g_out)

    np.testing.assert_array_equal(jacobian(Counting(), np.ones(50)), np.eye(50))
    assert len(calls) <= 5


def test_several_wires_and_graphs():
    g = Graph()
    x, y, z = g.input("x"), g.input("y"), g.input("z")
    g.output((x + y) * z)
    assert [float(L) for L in jacobian(g, (-2.0, 5.0, -4.0))] == [-4.0, -4.0, 3.0]
    L_a, L_b = jacobian(Branch(2), [1.0, 2.0])
    np.testing.assert_array_equal(L_a, np.eye(2))
    np.testing.assert_array_equal(L_b, np.eye(2))
    rows = jacobian(Parallel(ReLU(), Identity()), (np.array([-1.0]), np.array([2.0])))
    assert [[float(L.item()) for L in row] for row in rows] == [[0.0, 0.0], [0.0, 1.0]]
    assert len(jacobian(Add(), (np.ones(2), np.ones(2)))) == 2


def test_of_a_chain_by_its_parameters_names():
    model = Sequential(Linear(2, 3, rng=0), ReLU(), Linear(3, 1, rng=1))
    assert jacobian(model, np.ones((5, 2)), wrt="0.W").shape == (5, 1, 3, 2)
    with pytest.raises(ParameterNameError, match=r"no parameter 'W' for wrt; known: 0.W, 0.b, 2.W, 2.b"):
        jacobian(model, np.ones((5, 2)), wrt="W")


def test_of_losses():
    y_hat, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(jacobian(L2Loss(), (y_hat, y)), y_hat - y)
    assert jacobian(L2Loss(reduction="none"), (y_hat, y)).shape == (2, 2, 2)
    assert jacobian(SoftmaxCrossEntropy(), (y_hat, np.array([0, 1]))).shape == (2, 2)


def test_integers_become_floats_and_an_empty_batch_has_an_empty_jacobian():
    assert jacobian(ReLU(), [1, -2]).dtype == np.float64
    assert jacobian(ReLU(), np.ones((0, 3))).shape == (0, 3, 0, 3)
    assert jacobian(ReLU(), np.ones(3, np.float32)).dtype == np.float32


def test_the_layer_is_as_it_was():
    layer = ReLU()
    jacobian(layer, [1.0, -1.0])
    with pytest.raises(BackwardBeforeForwardError):
        layer.backward([1.0, 1.0])
    layer.forward([2.0, -2.0, 2.0])
    jacobian(layer, [1.0, -1.0])
    np.testing.assert_array_equal(layer.backward(np.ones(3))[0], [1, 0, 1])
