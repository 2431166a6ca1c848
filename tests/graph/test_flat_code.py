"""The flat code: it runs with numpy alone, says the same as the model, and reads as the slides' does."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import losses
from graph import Graph, Parallel, Residual, Sequential, flat_code
from graph.flat.costs import COSTS
from graph.flat.rule import Rule
from graph.flat.rules import RULES
from layers import (
    GELU,
    Add,
    BatchNorm,
    Branch,
    Flatten,
    Identity,
    Layer,
    Linear,
    MatMul,
    Max,
    Mean,
    Merge,
    Multiply,
    Power,
    Reciprocal,
    ReLU,
    Reshape,
    Sigmoid,
    Sin,
    Sum,
    Tanh,
    Transpose,
)
from tests.graph.flat_check import assert_flat_agrees, compare, run_flat


def in_graph(layer, n):
    g = Graph()
    wires = [g.input(f"x{i}") for i in range(n)]
    g.output(g.add(layer, *wires))
    return g


@pytest.mark.parametrize("kind", RULES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seen", [True, False], ids=["after forward", "before forward"])
def test_every_rule_says_what_its_layer_does(kind, seen):
    layer, x_in = kind.example(np.random.default_rng(0))
    xs = x_in if type(x_in) is tuple else (x_in,)
    g = in_graph(layer, len(xs))
    fresh = g.tied()
    x_out = g.forward(*xs)
    g_out = np.random.default_rng(1).normal(size=np.shape(x_out))
    g_in, param_grads = g.backward(g_out)
    assert_flat_agrees(g if seen else fresh, xs, x_out, g_out, g_in, param_grads)


OTHERS = [
    (GELU(approximate="tanh"), (np.linspace(-3.0, 3.0, 7),)),
    *((Power(p), (np.array([0.5, 2.0, 3.0]),)) for p in (-1, 0, 0.5, 1, 2, 2.5, 3)),
    (ReLU(at_zero=1.0), (np.array([0.0, 1.0, -1.0]),)),
    (Sum((0, -1)), (np.ones((2, 3, 4)),)),
    (Mean(1), (np.ones((2, 3)),)),
    (Transpose((2, 0, 1)), (np.arange(48.0).reshape(2, 2, 3, 4),)),
    (Flatten(), (np.arange(3.0),)),
    (Reshape((2, 3)), (np.arange(6.0),)),
    (Merge(0), (np.ones((2, 3)), np.ones((1, 3)))),
    (Linear(3, 2, rng=0), (np.arange(3.0),)),
    (Linear(3, 2, rng=0, bias=False), (np.arange(24.0).reshape(2, 4, 3),)),
    (MatMul(), (np.arange(3.0), np.arange(3.0))),
    (MatMul(), (np.arange(3.0), np.arange(6.0).reshape(3, 2))),
    (MatMul(), (np.arange(6.0).reshape(2, 3), np.arange(3.0))),
    (MatMul(), (np.arange(24.0).reshape(4, 2, 3), np.arange(3.0))),
    (MatMul(), (np.arange(3.0), np.arange(24.0).reshape(4, 3, 2))),
    (MatMul(), (np.arange(24.0).reshape(4, 2, 3), np.arange(24.0).reshape(4, 3, 2))),
    (MatMul(), (np.arange(6.0).reshape(2, 3), np.arange(24.0).reshape(4, 3, 2))),
    (Multiply(), (np.array(2.0), np.arange(6.0).reshape(2, 3), np.arange(3.0))),
]


@pytest.mark.parametrize(("layer", "xs"), OTHERS, ids=lambda part: repr(part) if isinstance(part, Layer) else "")
def test_options_and_other_shapes(layer, xs):
    g = in_graph(layer, len(xs))
    x_out = g.forward(*xs)
    g_out = np.random.default_rng(1).normal(size=np.shape(x_out))
    assert_flat_agrees(g, xs, x_out, g_out, *g.backward(g_out))


def mlp():
    return Sequential(Linear(5, 6, rng=0), Tanh(), Linear(6, 4, rng=1))


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("kind", COSTS, ids=lambda kind: kind.__name__)
def test_an_mlp_with_every_loss(kind, reduction):
    rng = np.random.default_rng(3)
    loss = kind(reduction=reduction)
    x = rng.normal(size=(8, 5))
    y = {
        "SoftmaxCrossEntropy": rng.integers(4, size=8),
        "NLLLoss": rng.integers(4, size=8),
        "SVMLoss": rng.integers(4, size=8),
        "HingeEmbeddingLoss": rng.choice([-1.0, 1.0], size=(8, 4)),
        "BinaryCrossEntropy": rng.random((8, 4)),
        "KLDivLoss": rng.random((8, 4)),
        "PoissonNLLLoss": rng.poisson(2.0, size=(8, 4)).astype(float),
    }.get(kind.__name__, rng.normal(size=(8, 4)))
    for data, target in ((x, y), (x[0], y[0])):  # a batch, and a single datapoint
        model = mlp()
        J = loss.forward(model.forward(data), target)
        g_in, param_grads = model.backward(loss.backward()[0])
        value, grads = run_flat(model, data, y=target, loss=loss)
        compare(value, J, exact=False)
        compare(grads["x"], g_in, exact=False)
        assert list(grads) == ["x", *param_grads]
        for name, own in param_grads.items():
            compare(grads[name], own, exact=False)


@pytest.mark.parametrize(
    "loss", [losses.KLDivLoss(log_target=True), losses.PoissonNLLLoss(log_input=False)], ids=lambda loss: repr(loss)
)
def test_options_of_losses(loss):
    rng = np.random.default_rng(4)
    x, y = rng.random((3, 4)) + 0.5, rng.random((3, 4))
    J = loss.forward(x, y)
    value, grads = run_flat(Sequential(Identity()), x, y=y, loss=loss)
    compare(value, J, exact=False)
    compare(grads["x"], loss.backward()[0], exact=False)


def test_ties_branches_and_merges():
    encoder = Linear(4, 4, rng=0)
    model = Sequential(
        encoder,
        Residual(Sequential(Linear(4, 4, rng=1), Sigmoid())),
        Branch(3),
        Parallel(encoder.tied(), encoder.tied(transpose=True), Identity()),
        Merge(),
        named := Sequential(hidden=Linear(12, 3, rng=2), out=Tanh()),
    )
    assert named["out"] is model[5]["out"]
    x = np.random.default_rng(5).normal(size=(6, 4))
    x_out = model.forward(x)
    g_out = np.random.default_rng(6).normal(size=x_out.shape)
    assert_flat_agrees(model, (x,), x_out, g_out, *model.backward(g_out))


def test_several_inputs_of_a_chain():
    model = Sequential(Parallel(Linear(2, 3, rng=0), Linear(4, 3, rng=1)), Add())
    xs = np.ones((5, 2)), np.ones((5, 4))
    x_out = model.forward(xs)
    assert_flat_agrees(model, xs, x_out, np.ones((5, 3)), *model.backward(np.ones((5, 3))))


def test_a_layer_alone():
    layer = Linear(2, 1, rng=0)
    x_out = layer.forward(np.ones((3, 2)))
    assert_flat_agrees(layer, (np.ones((3, 2)),), x_out, np.ones((3, 1)), *layer.backward(np.ones((3, 1))))


def circuit():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    s = x * y
    g.output(g.add(Reciprocal(), s + x + x**3, name="lambda"), s)
    return g, np.array([1.5, -0.3]), np.array([0.25, 7.0])


def test_lines_are_single_assignments_in_exactly_reverse_order_with_the_line_they_mirror():
    g, _, _ = circuit()
    lines = [line.strip() for line in flat_code(g).splitlines() if line.strip()]
    start, turn = lines.index("# forward"), lines.index("# backward")
    forward, backward = lines[start + 1 : turn], lines[turn + 1 : -1]
    for line in forward + backward:
        (statement,) = ast.parse(line).body
        assert isinstance(statement, (ast.Assign, ast.AugAssign))
    mirrored = [line.split("  # ")[1] for line in backward][2:]  # after the two gradients that come in
    assert list(dict.fromkeys(mirrored)) == forward[::-1]
    to_x = [line for line in backward if line.startswith("grad_x ")]
    assert [line.split()[1] for line in to_x] == ["=", "+=", "+="]


def test_it_agrees_to_the_last_bit_and_does_not_write_into_what_it_was_given():
    g, x, y = circuit()
    g_out = np.array([1.0, 2.0]), np.array([-3.0, 0.5])
    for array in (x, y, *g_out):
        array.flags.writeable = False
    x_out = g.forward(x, y)
    assert_flat_agrees(g, (x, y), x_out, g_out, *g.backward(g_out), exact=True)


GATES = (
    lambda g, x, y, z: x + y,
    lambda g, x, y, z: x - y,
    lambda g, x, y, z: g.add(Sin(), x * y),
    lambda g, x, y, z: g.add(Max(), x, y, z),
    lambda g, x, y, z: g.add(Tanh(), g.add(Multiply(), x, y, z, x)),
    lambda g, x, y, z: x / (y**2 + 1.5),
    lambda g, x, y, z: g.add(Sigmoid(), -x),
)


def random_circuit(seed):
    """Thirty gates on numbers, each on any wires before, some of which are outputs as well as inputs of others."""
    rng = np.random.default_rng(seed)
    g = Graph()
    wires = [g.input(name) for name in "abc"]
    for _ in range(30):
        any_before = (wires[max(0, len(wires) - 1 - int(rng.exponential(5.0)))] for _ in range(3))
        wires.append(GATES[rng.integers(len(GATES))](g, *any_before))
        if rng.random() < 0.15:
            g.output(wires[-1])
    g.output(*(wire for wire in g.wires.values() if not wire.uses))
    return g, rng.normal(size=3)


def test_random_circuits_agree_to_the_last_bit():
    for seed in range(60):
        g, xs = random_circuit(seed)
        x_out = g.forward(*xs)
        g_out = tuple(np.linspace(0.3, 1.7, len(g.outputs))) if len(g.outputs) > 1 else 0.7
        assert_flat_agrees(g, xs, x_out, g_out, *g.backward(g_out), exact=True)


def test_the_largest_of_equals_is_the_first():
    g = in_graph(Max(), 3)
    x_out = g.forward(1.0, 2.0, 2.0)
    assert_flat_agrees(g, (1.0, 2.0, 2.0), x_out, 3.0, *g.backward(3.0), exact=True)


def test_gradients_at_a_fork_are_arrays_of_their_own():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output((x + y) + x)  # grad_x += must not move grad_y, which is the same number before
    data = np.array([1.0, 2.0])
    g.forward(data, data)
    _, grads = run_flat(g, data, data)
    np.testing.assert_array_equal(grads["x"], [2.0, 2.0])
    np.testing.assert_array_equal(grads["y"], [1.0, 1.0])


def test_it_imports_numpy_alone():
    tree = ast.parse(flat_code(mlp(), losses.SoftmaxCrossEntropy(), losses.L2Penalty(0.1)))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert imported == ["numpy"]


def test_names_that_python_or_the_code_itself_has_taken():
    g = Graph()
    wires = [g.input(name) for name in ("np", "lambda", "grad_x", "x", "2", "a b", "params", "sum_to")]
    g.output(g.add(Add(), *wires, name="flat"))
    xs = [np.array(float(i)) for i in range(8)]
    x_out = g.forward(*xs)
    assert_flat_agrees(g, xs, x_out, 1.0, *g.backward(1.0), exact=True)


class Cube(Layer):
    """A reader's own layer."""

    def forward(self, x_in):
        self.x_in = x_in
        return x_in**3

    def backward(self, g_out):
        return g_out * 3 * self.x_in**2, {}


def test_a_layer_without_a_rule_is_named_and_may_be_given_one():
    model = Sequential(ReLU(), Cube())
    with pytest.raises(NotImplementedError, match=r'layer "1", Cube\(\)'):
        flat_code(model)
    code = flat_code(model, rules={Cube: lambda layer, n: Rule("{x} ** 3", ("{g} * 3 * {x} ** 2",))})
    x = np.array([1.0, 2.0])
    value, grads = run_flat(model, x, code=code)
    compare(value, model.forward(x), exact=True)
    compare(grads["x"], model.backward(np.ones(2))[0], exact=True)
    with pytest.raises(NotImplementedError, match=r'"0.inner", BatchNorm'):
        flat_code(Sequential(Sequential(inner=BatchNorm(3))))


def test_a_loss_or_a_penalty_without_a_rule_is_named():
    for loss in (losses.CosineEmbeddingLoss(), losses.SoftmaxCrossEntropy(label_smoothing=0.1)):
        with pytest.raises(NotImplementedError, match=type(loss).__name__):
            flat_code(mlp(), loss)
    with pytest.raises(NotImplementedError, match="ReLU"):
        flat_code(mlp(), losses.L2Loss(), ReLU())
