"""The worked examples of the five documents, each named after its source, with the numbers printed there."""

from __future__ import annotations

import math

import numpy as np
import pytest

from graph import Graph, Parallel, Sequential, flat_code
from layers import Add, Branch, Exp, Linear, MatMul, Max, Multiply, ReLU, Sigmoid, Square, Sum
from losses import L2Penalty, SVMLoss
from tests.graph.flat_check import assert_flat_agrees, compare, run_flat


def run(g, *inputs, g_out=1.0, exact=True):
    """Forward, backward, and the flat code against both."""
    x_out = g.forward(*inputs)
    g_in, param_grads = g.backward(g_out)
    assert_flat_agrees(g, inputs, x_out, g_out, g_in, param_grads, exact)
    return x_out, g_in, param_grads


def test_notes_and_slides_x_plus_y_times_z():
    g = Graph()
    x, y, z = g.input("x"), g.input("y"), g.input("z")
    q = g.add(Add(), x, y, name="q")
    f = g.add(Multiply(), q, z, name="f")
    g.output(f)
    value, g_in, param_grads = run(g, -2.0, 5.0, -4.0)
    assert value == -12.0
    assert g_in == (-4.0, -4.0, 3.0)
    assert param_grads == {}
    assert (q.value, q.gradient, f.value, f.gradient) == (3.0, -4.0, -12.0, 1.0)


def test_notes_product_sum_and_larger_of_two_numbers():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(x * y, x + y, g.add(Max(), x, y))
    assert g.forward(4.0, -3.0) == (-12.0, 1.0, 4.0)
    assert run(g, 4.0, -3.0, g_out=(1.0, 0.0, 0.0))[1] == (-3.0, 4.0)
    assert run(g, 4.0, -3.0, g_out=(0.0, 1.0, 0.0))[1] == (1.0, 1.0)
    assert run(g, 4.0, 2.0, g_out=(0.0, 0.0, 1.0))[1] == (1.0, 0.0)


def neuron(g):
    """w0 x0 + w1 x1 + w2, of the notes' values w = [2, -3, -3], x = [-1, -2]."""
    w0, x0, w1, x1, w2 = (g.input(name) for name in ("w0", "x0", "w1", "x1", "w2"))
    return w0 * x0 + w1 * x1 + w2


NEURON = (2.0, -1.0, -3.0, -2.0, -3.0)


def test_notes_sigmoid_neuron_gate_by_gate():
    g = Graph()
    dot = neuron(g)
    minus = -1.0 * dot
    power = g.add(Exp(), minus)
    below = power + 1.0
    f = 1.0 / below
    g.output(f)
    value, (dw0, dx0, dw1, dx1, dw2), _ = run(g, *NEURON)
    assert dot.value == 1.0
    assert round(float(value), 2) == 0.73
    # the figure's red numbers, from the right to the left
    assert [round(float(wire.gradient), 2) for wire in (below, power, minus, dot)] == [-0.53, -0.53, -0.2, 0.2]
    assert [round(float(d), 1) for d in (dw0, dx0, dw1, dx1, dw2)] == [-0.2, 0.4, -0.4, -0.6, 0.2]
    local = (1 - value) * value  # one gate: dx = w * local, dw = x * local
    np.testing.assert_allclose((dw0, dx0, dw1, dx1, dw2), local * np.array([-1.0, 2.0, -2.0, -3.0, 1.0]), rtol=1e-14)


def test_notes_sigmoid_neuron_as_one_gate():
    g = Graph()
    dot = neuron(g)
    g.output(g.add(Sigmoid(), dot))
    value, g_in, _ = run(g, *NEURON)
    assert round(float(value), 2) == 0.73
    assert round(float(dot.gradient), 2) == 0.2  # (1 - 0.73) * 0.73, in one expression
    gates = Graph()
    gates.output(1.0 / (gates.add(Exp(), -neuron(gates)) + 1.0))
    gates.forward(*NEURON)
    np.testing.assert_allclose(g_in, gates.backward(1.0)[0], rtol=1e-14)


def test_notes_staged_function():
    # (x + sigma(y)) / (sigma(x) + (x + y)^2) at x = 3, y = -4, sigma in gates
    g = Graph()
    x, y = g.input("x"), g.input("y")

    def sigma(wire):
        return 1.0 / (g.add(Exp(), -wire) + 1.0)

    num = x + sigma(y)
    den = sigma(x) + (x + y) ** 2
    g.output(num * (1.0 / den))
    value, (dx, dy), _ = run(g, 3.0, -4.0)

    sigy, sigx = 1 / (1 + math.exp(4.0)), 1 / (1 + math.exp(-3.0))
    numerator, denominator = 3.0 + sigy, sigx + 1.0
    by_hand_dx = 1 / denominator - numerator / denominator**2 * (sigx * (1 - sigx) - 2.0)
    by_hand_dy = sigy * (1 - sigy) / denominator - numerator / denominator**2 * -2.0
    assert value == pytest.approx(numerator / denominator, rel=1e-14)
    assert dx == pytest.approx(by_hand_dx, rel=1e-13)
    assert dy == pytest.approx(by_hand_dy, rel=1e-13)
    assert len(x.contributions) == 3  # the forks of which the notes say: +=
    assert len(y.contributions) == 2
    assert sum(x.contributions.values()) == pytest.approx(float(x.gradient), rel=1e-14)


def test_notes_add_max_multiply_circuit():
    # 2 (x y + max(z, w)) at x = 3, y = -4, z = 2, w = -1
    g = Graph()
    x, y, z, w = (g.input(name) for name in "xyzw")
    product, largest = x * y, g.add(Max(), z, w)
    total = product + largest
    g.output(2.0 * total)
    value, g_in, _ = run(g, 3.0, -4.0, 2.0, -1.0)
    assert value == -20.0
    assert total.gradient == product.gradient == largest.gradient == 2.0
    assert g_in == (-8.0, 6.0, 2.0, 0.0)


def test_slides_relu_vector():
    g = Graph()
    g.output(g.add(ReLU(), g.input("x")))
    x_out, g_in, _ = run(g, np.array([1.0, -2.0, 3.0, -1.0]), g_out=np.array([4.0, -1.0, 5.0, 9.0]))
    np.testing.assert_array_equal(x_out, [1, 0, 3, 0])
    np.testing.assert_array_equal(g_in, [4, 0, 5, 0])


X = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
G = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])


def test_slides_matrix_product():
    g = Graph()
    g.output(g.input("x") @ g.input("w"))
    y, (dx, dw), _ = run(g, X, W, g_out=G)
    # the slide prints y as [13 9 -2 -6] and [5 2 17 1], which the two matrices beside it do not give
    np.testing.assert_array_equal(y, [[-1, -1, 2, 6], [5, 2, 11, 7]])
    np.testing.assert_array_equal(dx, G @ W.T)
    np.testing.assert_array_equal(dw, X.T @ G)
    np.testing.assert_array_equal(dx[0], [2 * 3 + 3 * 2 - 3 * 1 + 9 * -1, 2 * 2 + 3 - 9 + 18, 6 + 6 - 3 - 18])


def test_slides_squared_norm_of_W_x():
    g = Graph()
    w, x = g.parameter("W", [[0.1, 0.5], [-0.3, 0.8]]), g.input("x")
    q = w @ x
    g.output(g.add(Sum(), g.add(Square(), q)))
    value, g_in, param_grads = run(g, np.array([0.2, 0.4]))
    np.testing.assert_allclose(q.value, [0.22, 0.26], rtol=1e-14)
    assert value == pytest.approx(0.116, rel=1e-14)
    np.testing.assert_allclose(q.gradient, [0.44, 0.52], rtol=1e-14)
    np.testing.assert_allclose(param_grads["W"], [[0.088, 0.176], [0.104, 0.208]], rtol=1e-14)
    np.testing.assert_allclose(g_in, [-0.112, 0.636], rtol=1e-13)


def test_slides_matrix_example_of_the_discussion():
    # z1 = X W1, h1 = ReLU(z1), y_hat = h1 W2, L = ||y_hat||^2
    rng = np.random.default_rng(0)
    x, w1, w2 = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=(5, 2))
    g = Graph()
    z1 = g.input("X") @ g.parameter("W1", w1)
    h1 = g.add(ReLU(), z1)
    y_hat = h1 @ g.parameter("W2", w2)
    g.output(g.add(Sum(), g.add(Square(), y_hat)))
    _, g_in, param_grads = run(g, x)
    hidden = np.maximum(x @ w1, 0)
    back = 2 * hidden @ w2 @ w2.T * (x @ w1 > 0)
    np.testing.assert_allclose(param_grads["W2"], 2 * hidden.T @ (hidden @ w2), rtol=1e-13)
    np.testing.assert_allclose(param_grads["W1"], x.T @ back, rtol=1e-12)
    np.testing.assert_allclose(g_in, back @ w1.T, rtol=1e-12)


def test_notes_matrix_matrix_gradient():
    rng = np.random.default_rng(1)
    w, x, dD = rng.normal(size=(5, 10)), rng.normal(size=(10, 3)), rng.normal(size=(5, 3))
    g = Graph()
    g.output(g.add(MatMul(), g.input("W"), g.input("X")))
    _, (dW, dX), _ = run(g, w, x, g_out=dD)
    np.testing.assert_array_equal(dW, dD @ x.T)
    np.testing.assert_array_equal(dX, w.T @ dD)


def test_slides_two_layer_svm_net_with_its_regulariser():
    # s = W2 max(0, W1 x); L = 1/N sum_i sum_{j != y_i} max(0, s_j - s_{y_i} + 1) + lambda R(W1) + lambda R(W2)
    rng = np.random.default_rng(2)
    x, y, lam = rng.normal(size=(6, 4)), rng.integers(3, size=6), 0.1
    net = Sequential(Linear(4, 5, bias=False, rng=0), ReLU(), Linear(5, 3, bias=False, rng=1))
    loss, penalty = SVMLoss(), L2Penalty(lam)
    J = loss.forward(net.forward(x), y) + penalty.forward(net.params)
    g_in, param_grads = net.backward(loss.backward()[0])
    total = {name: g + penalty.backward()[1][name] for name, g in param_grads.items()}

    w1, w2 = net[0].params["W"], net[2].params["W"]
    hidden = np.maximum(x @ w1.T, 0)
    scores = hidden @ w2.T
    by_hand, d_scores = 0.0, np.zeros_like(scores)
    for i in range(6):
        for j in range(3):
            hinge = scores[i, j] - scores[i, y[i]] + 1
            if j != y[i] and hinge > 0:
                by_hand += hinge / 6
                d_scores[i, j] += 1 / 6
                d_scores[i, y[i]] -= 1 / 6
    assert pytest.approx(by_hand + lam * (w1**2).sum() + lam * (w2**2).sum(), rel=1e-13) == J
    np.testing.assert_allclose(total["2.W"], d_scores.T @ hidden + 2 * lam * w2, rtol=1e-12)
    np.testing.assert_allclose(total["0.W"], (d_scores @ w2 * (hidden > 0)).T @ x + 2 * lam * w1, rtol=1e-12)

    value, grads = run_flat(net, x, y=y, loss=loss, penalty=penalty)
    compare(value, J, exact=False)
    compare(grads["x"], g_in, exact=False)
    for name, own in total.items():
        compare(grads[name], own, exact=False)


def test_student_notes_gates_of_three_inputs():
    # max routes to the largest; multiply gives each input the product of the others
    g = Graph()
    a, b, c = (g.input(name) for name in "abc")
    g.output(g.add(Max(), a, b, c), g.add(Multiply(), a, b, c))
    (largest, product), g_in, _ = run(g, 2.0, -3.0, 5.0, g_out=(10.0, 1.0))
    assert (largest, product) == (5.0, -30.0)
    assert g_in == (-15.0, 10.0, 10.0 - 6.0)


def test_article_relu_is_a_mask():
    g = Graph()
    g.output(g.add(ReLU(), g.input("x")))
    rng = np.random.default_rng(4)
    x, y_grad = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))  # two datapoints of three features
    _, g_in, _ = run(g, x, g_out=y_grad)
    by_hand = y_grad.copy()
    by_hand[x <= 0] = 0
    np.testing.assert_array_equal(g_in, by_hand)


def test_article_affine_layer_in_columns_and_as_a_layer():
    # W X + b with datapoints in columns: dL/db is the sum of the columns, dL/dW the sum of outer products
    rng = np.random.default_rng(5)
    W, b, X = rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), rng.normal(size=(3, 4))
    Y_grad = rng.normal(size=(2, 4))
    g = Graph()
    ones = np.ones((1, 4))
    g.output(g.parameter("W", W) @ g.input("X") + g.parameter("b", b) @ g.input("ones"))
    _, (X_grad, _), param_grads = run(g, X, ones, g_out=Y_grad)
    np.testing.assert_allclose(param_grads["b"], Y_grad.sum(axis=1, keepdims=True), rtol=1e-14)
    np.testing.assert_allclose(param_grads["W"], sum(np.outer(Y_grad[:, i], X[:, i]) for i in range(4)), rtol=1e-13)
    np.testing.assert_allclose(X_grad, W.T @ Y_grad, rtol=1e-14)

    layer = Linear.from_arrays(W, b[:, 0])  # the kit's own layout: datapoints in rows
    layer.forward(X.T)
    rows, layer_grads = layer.backward(Y_grad.T)
    np.testing.assert_allclose(rows, X_grad.T, rtol=1e-13)
    np.testing.assert_allclose(layer_grads["W"], param_grads["W"], rtol=1e-13)
    np.testing.assert_allclose(layer_grads["b"], param_grads["b"][:, 0], rtol=1e-13)


def figure_14_20():
    """A DAG by Branch and Merge alone: one value on two ways, and a second fork inside one of them."""
    arrays = np.random.default_rng(3).normal(size=(3, 2, 2))
    return arrays, [Linear.from_arrays(w) for w in arrays]


def test_chapter_figure_14_20_as_a_graph_and_as_a_chain():
    arrays, (f1, f2, f3) = figure_14_20()
    g = Graph()
    a, b = g.add(Branch(2), g.add(f1, g.input("x")))
    c, d = g.add(Branch(2), g.add(f2, a))
    g.output(g.add(Add(), c, g.add(f3, b), g.add(ReLU(), d)))

    _, (h1, h2, h3) = figure_14_20()
    inner = Sequential(Branch(2), Parallel(Sequential(), ReLU()), Add())
    chain = Sequential(h1, Branch(2), Parallel(Sequential(h2, inner), h3), Add())

    x, g_out = np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]])
    x_out, g_in, param_grads = run(g, x, g_out=g_out, exact=False)
    np.testing.assert_allclose(chain.forward(x), x_out, rtol=1e-14)
    chain_g_in, chain_grads = chain.backward(g_out)
    np.testing.assert_allclose(chain_g_in, g_in, rtol=1e-13)
    for own, others in zip(param_grads.values(), chain_grads.values(), strict=True):
        np.testing.assert_allclose(own, others, rtol=1e-13)
    v1, v2, v3 = arrays
    open_ = (x @ v1.T @ v2.T > 0) + 1.0  # the fork inside: straight, and through the rectifier
    np.testing.assert_allclose(g_in, g_out @ v3 @ v1 + (g_out * open_) @ v2 @ v1, rtol=1e-13)


def test_slides_flat_code_of_the_neuron():
    g = Graph()
    g.output(neuron(g))
    run(g, *NEURON)
    body = [line.strip() for line in flat_code(g).splitlines()]
    forward, backward = body.index("# forward"), body.index("# backward")
    written = [line.split("  # ")[0] for line in body[forward + 1 : backward]]
    assert written == ["multiply = w0 * x0", "multiply_2 = w1 * x1", "add = multiply + multiply_2", "add_2 = add + w2"]
    mirrored = [line.split("  # ")[1] for line in body[backward + 2 : -1]]
    assert list(dict.fromkeys(mirrored)) == written[::-1]  # exactly the reverse order
