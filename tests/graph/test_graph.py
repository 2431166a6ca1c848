"""Graph: inputs, names, operators, forks, looking at wires, nesting, ties, steps, structure."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from graph import Graph, Sequential, check_layer
from layers import Add, Branch, Embedding, Identity, Layer, Linear, MatMul, Multiply, ReLU, Sin
from layers.wiring.branch import Branch as BranchLayer


def diamond():
    """f = (x + y) x, where x is used twice."""
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(g.add(Multiply(), x + y, x, name="f"))
    return g, x, y


def test_forward_by_position_by_name_and_as_a_tuple():
    g, _, _ = diamond()
    assert g.forward(3.0, 4.0) == g.forward(y=4.0, x=3.0) == g.forward((3.0, 4.0)) == 21.0


def test_gradients_in_the_order_of_the_inputs_and_one_for_one():
    g, _, _ = diamond()
    g.forward(3.0, 4.0)
    assert g.backward(1.0)[0] == (10.0, 3.0)
    single = Graph()
    single.output(2.0 * single.input("x"))
    single.forward(3.0)
    assert single.backward(1.0) == (2.0, {})


@pytest.mark.parametrize(
    ("build", "value", "slope"),
    [
        (lambda x: x + 3, 7.0, 1.0),
        (lambda x: 3 + x, 7.0, 1.0),
        (lambda x: x - 3, 1.0, 1.0),
        (lambda x: 3 - x, -1.0, -1.0),
        (lambda x: x * 3, 12.0, 3.0),
        (lambda x: 3 * x, 12.0, 3.0),
        (lambda x: np.float64(3) * x, 12.0, 3.0),
        (lambda x: np.array(3.0) + x, 7.0, 1.0),
        (lambda x: x / 2, 2.0, 0.5),
        (lambda x: 2 / x, 0.5, -2 / 16),
        (lambda x: 1 / x, 0.25, -1 / 16),
        (lambda x: x**3, 64.0, 48.0),
        (lambda x: x**0.5, 2.0, 0.25),
        (lambda x: -x, -4.0, -1.0),
        (lambda x: x * x, 16.0, 8.0),
        (lambda x: x + x, 8.0, 2.0),
        (lambda x: x - x, 0.0, 0.0),
        (lambda x: x / x, 1.0, 0.0),
        (lambda x: x * x * x + x, 68.0, 49.0),
    ],
)
def test_operators(build, value, slope):
    g = Graph()
    g.output(build(g.input("x")))
    assert g.forward(4.0) == pytest.approx(value, rel=1e-15)
    assert float(g.backward(1.0)[0]) == pytest.approx(slope, rel=1e-15)


def test_constants_do_not_upcast_float32():
    g = Graph()
    x = g.input("x")
    g.output((1 - (2.0 * x + np.float64(1.5)) / 3) ** 2 + 1 / (x * x + 1))
    x_out = g.forward(np.ones(3, np.float32))
    assert x_out.dtype == np.float32
    assert g.backward(np.ones(3, np.float32))[0].dtype == np.float32


def test_made_names_are_unique_and_given_names_are_kept():
    g = Graph()
    x = g.input("add_2")
    a = x + x
    b = g.add(Add(), a, x)
    c = g.add(Linear(2, 2), b, name="scores")
    d = g.add(Linear(2, 2), c)
    assert [w.name for w in (a, b, c, d)] == ["add", "add_3", "scores", "linear"]
    assert list(g.params) == ["scores.W", "scores.b", "linear.W", "linear.b"]
    assert list(g.layers) == ["add", "add_3", "scores", "linear"]
    assert g["scores"] is g[2]


def test_value_and_gradient_are_none_until_computed_and_gradients_again_after_a_forward_pass():
    g, x, y = diamond()
    assert (x.value, x.gradient, x.contributions) == (None, None, {})
    g.forward(3.0, 4.0)
    assert (x.value, x.gradient, x.contributions) == (3.0, None, {})
    g.backward(1.0)
    assert (y.value, y.gradient) == (4.0, 3.0)
    g.forward(5.0, 6.0)
    assert (y.value, y.gradient, y.contributions) == (6.0, None, {})


def test_contributions_of_a_fork_add_up():
    g, x, _ = diamond()
    g.forward(3.0, 4.0)
    g.backward(1.0)
    assert x.contributions == {"add[0]": 3.0, "f[1]": 7.0}
    assert x.gradient == 10.0


def test_looking_changes_nothing():
    g, _x, _ = diamond()
    g.forward(3.0, 4.0)
    g.values[0] = g.values[1] = 1e9  # the record is not what backward computes with
    assert g.backward(1.0)[0] == (10.0, 3.0)


def test_backward_twice_is_the_same_and_changes_no_array():
    g = Graph()
    x = g.input("x")
    h = g.add(Linear(3, 3, rng=0), x)
    g.output(h * h + x)
    data, g_out = np.ones((2, 3)), np.full((2, 3), 2.0)
    data.flags.writeable = g_out.flags.writeable = False
    x_out = g.forward(data)
    first = copy.deepcopy(g.backward(g_out))
    kept = x_out.copy()
    second = g.backward(g_out)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1]["linear.W"], second[1]["linear.W"])
    g.forward(data * 5)
    np.testing.assert_array_equal(x_out, kept)


def test_forks_are_visible_nodes_outside_of_the_layers():
    g, _x, _ = diamond()
    assert [node.name for node in g.nodes] == ["branch(x)", "add", "f"]
    assert isinstance(g.nodes[0].layer, BranchLayer)
    assert repr(g.nodes[0].layer) == "Branch(2)"
    assert list(g.layers) == ["add", "f"]
    ends = [(e.source, e.output, e.target, e.input) for e in g.edges]
    assert ends == [
        ("x", 0, "branch(x)", 0),
        ("branch(x)", 0, "add", 0),
        ("branch(x)", 1, "f", 1),
        ("y", 0, "add", 1),
        ("add", 0, "f", 0),
        ("f", 0, None, 0),
    ]
    g.forward(3.0, 4.0)
    g.backward(1.0)
    assert g.values == [3.0, 3.0, 3.0, 4.0, 7.0, 21.0]
    assert g.gradients == [10.0, 3.0, 7.0, 3.0, 3.0, 1.0]


def test_an_output_may_be_used_inside_and_twice():
    g = Graph()
    x = g.input("x")
    a = x * 3.0
    g.output(a, a)
    b = a * 2.0
    g.output(b, x)
    assert g.forward(1.0) == (3.0, 3.0, 6.0, 1.0)
    assert g.backward((1.0, 10.0, 100.0, 1000.0)) == (3.0 * 211 + 1000, {})
    assert a.contributions == {"output[0]": 1.0, "output[1]": 10.0, "scale_2[0]": 200.0}


def test_layers_of_several_outputs_give_several_wires():
    g = Graph()
    a, b = g.add(Branch(2), g.input("x"))
    inner = Graph()
    u, v = inner.input("u"), inner.input("v")
    inner.output(u * v, u - v)
    product, difference = g.add(inner, a, 2.0 * b, name="inner")
    g.output(product, difference)
    assert (product.name, difference.name) == ("inner[0]", "inner[1]")
    assert g.forward(3.0) == (18.0, -3.0)
    assert g.backward((1.0, 10.0))[0] == 12.0 - 10.0


class Halves(Layer):
    """A reader's own layer of two outputs."""

    n_outputs = 2

    def forward(self, x_in):
        return x_in[:1], x_in[1:]

    def backward(self, g_out):
        return np.concatenate(g_out), {}


def test_a_readers_own_layer_says_how_many_outputs_it_has():
    g = Graph()
    first, second = g.add(Halves(), g.input("x"))
    g.output(first * second)
    assert g.forward(np.array([2.0, 5.0])) == 10.0
    np.testing.assert_array_equal(g.backward(np.array([1.0]))[0], [5.0, 2.0])


def test_a_graph_is_a_layer_of_a_chain_and_names_compose():
    inner = Graph()
    x = inner.input("x")
    inner.output(inner.add(Linear(2, 2, rng=0), x, name="hidden") + inner.parameter("shift", [1.0, 2.0]))
    model = Sequential(inner, ReLU(), Linear(2, 1, rng=1))
    assert list(model.params) == ["0.hidden.W", "0.hidden.b", "0.shift", "2.W", "2.b"]
    x_out = model.forward(np.ones((3, 2)))
    _, param_grads = model.backward(np.ones_like(x_out))
    before = model.params["0.shift"].copy()
    model.update(param_grads, 0.1)
    np.testing.assert_allclose(model.params["0.shift"], before - 0.1 * param_grads["0.shift"])


def test_parameters_are_listed_before_any_run():
    g = Graph()
    theta = g.parameter("theta", 2)
    assert g.params["theta"].dtype == np.float64
    g.output(theta * g.add(Linear(1, 1), g.input("x"), name="line"))
    assert list(g.params) == ["theta", "line.W", "line.b"]
    assert list(Sequential(g).params) == ["0.theta", "0.line.W", "0.line.b"]


def test_a_parameter_is_copied_in_and_out_and_moved_by_update():
    value = np.array([1.0, 2.0])
    g = Graph()
    g.output(g.parameter("theta", value))
    x_out = g.forward()
    assert g.backward(np.ones(2))[0] == ()
    g.update({"theta": np.ones(2)}, 0.5)
    np.testing.assert_array_equal(g.params["theta"], [0.5, 1.5])
    np.testing.assert_array_equal(x_out, [1.0, 2.0])
    np.testing.assert_array_equal(value, [1.0, 2.0])


def test_figure_14_21_a_branched_parameter_is_a_tied_layer():
    W = np.random.default_rng(0).normal(size=(3, 3))
    branched = Graph()
    x, theta = branched.input("x"), branched.parameter("theta", W)
    hidden = branched.add(Sin(), x @ theta)
    branched.output(hidden @ theta)

    tied = Graph()
    first = Linear.from_arrays(W.T)
    hidden = tied.add(Sin(), tied.add(first, tied.input("x"), name="first"))
    tied.output(tied.add(first.tied(), hidden, name="second"))

    x = np.random.default_rng(1).normal(size=(4, 3))
    np.testing.assert_allclose(branched.forward(x), tied.forward(x), rtol=1e-14)
    (g_in, grads), (tied_g_in, tied_grads) = branched.backward(np.ones((4, 3))), tied.backward(np.ones((4, 3)))
    np.testing.assert_allclose(g_in, tied_g_in, rtol=1e-13)
    assert list(tied_grads) == ["first.W"]
    np.testing.assert_allclose(grads["theta"], tied_grads["first.W"].T, rtol=1e-13)
    paths = list(theta.contributions.values())
    places = tied.contributions("first.W")
    assert list(places) == ["first.W", "second.W"]
    for path, place in zip(paths, places.values(), strict=True):
        np.testing.assert_allclose(path, place.T, rtol=1e-13)
    np.testing.assert_allclose(sum(paths), grads["theta"], rtol=1e-14)


def test_a_parameter_may_also_be_tied_and_its_gradient_is_an_array_of_its_own():
    g = Graph()
    theta = g.parameter("theta", [1.0, 2.0])
    g.output(theta, g.add(g["theta"].tied(), name="again"))
    g.forward()
    g_out = np.array([1.0, 1.0]), np.array([3.0, 5.0])
    _, param_grads = g.backward(g_out)
    np.testing.assert_array_equal(param_grads["theta"], [4.0, 6.0])
    parts = g.contributions("theta")
    assert list(parts) == ["theta", "again"]
    np.testing.assert_array_equal(parts["again"], [3.0, 5.0])
    assert not any(np.shares_memory(part, given) for part in parts.values() for given in g_out)


def test_ties_hold_across_nested_graphs():
    shared = Linear(2, 2, bias=False, rng=0)
    inner = Graph()
    inner.output(inner.add(shared.tied(), inner.input("u")))
    g = Graph()
    x = g.input("x")
    g.output(g.add(shared, x, name="outer") + g.add(inner, x, name="inner"))
    assert list(g.params) == ["outer.W"]
    g.forward(np.array([1.0, 2.0]))
    _, param_grads = g.backward(np.array([1.0, 10.0]))
    np.testing.assert_array_equal(param_grads["outer.W"], [[2.0, 4.0], [20.0, 40.0]])
    assert list(g.contributions("outer.W")) == ["outer.W", "inner.linear.W"]


def test_a_tied_graph_has_the_same_parameters_and_its_own_wires():
    g = Graph()
    theta = g.parameter("theta", 3.0)
    g.output(theta * g.input("x") * theta)
    other = g.tied()
    assert g.forward(2.0) == 18.0
    assert other.forward(5.0) == 45.0
    assert other.params["theta"] is g.params["theta"]
    assert g.backward(1.0)[1] == {"theta": 12.0}
    assert other.backward(1.0)[1] == {"theta": 30.0}
    assert (g.wires["theta"].gradient, other.wires["theta"].gradient) == (12.0, 30.0)
    assert Sequential(Graph.tied(g), Identity()).params["0.theta"] is g.params["theta"]


def test_predict_leaves_the_operating_point_also_at_forks():
    g = Graph()
    x = g.input("x")
    h = g.add(Linear(2, 2, rng=0), x)
    g.output(h * h)
    model = Sequential(g)
    data = np.random.default_rng(0).normal(size=(5, 2))
    model.forward(data)
    expected = model.backward(np.ones((5, 2)))
    assert model.predict(np.ones((7, 2)), batch_size=3).shape == (7, 2)
    again = model.backward(np.ones((5, 2)))
    np.testing.assert_array_equal(again[0], expected[0])
    np.testing.assert_array_equal(again[1]["0.linear.W"], expected[1]["0.linear.W"])


def test_to_data_false_runs_backward_only_where_parameters_lie_behind():
    class Counted(Linear):
        calls = 0

        def backward(self, g_out):
            type(self).calls += 1
            return super().backward(g_out)

    g = Graph()
    early = g.add(Sin(), g.input("x"))
    late = g.add(Counted(2, 2, rng=0), early)
    g.output(late * late)
    g.forward(np.ones(2))
    expected = g.backward(np.ones(2))[1]
    assert Counted.calls == 1
    g_in, param_grads = g.backward(np.ones(2), to_data=False)
    assert Counted.calls == 1
    assert g_in is None
    np.testing.assert_array_equal(param_grads["counted.W"], expected["counted.W"])
    assert early.gradient is None


def test_steps_are_lazy_and_named():
    g, x, _ = diamond()
    steps = g.forward_steps(3.0, 4.0)
    assert next(steps).name == "branch(x)"
    assert g.values[-1] is None
    assert [(s.name, s.x_out) for s in steps] == [("add", 7.0), ("f", 21.0)]
    back = g.backward_steps(1.0)
    assert next(back).g_in == (3.0, 7.0)
    assert x.gradient is None
    assert [(s.name, s.g_in) for s in back] == [("add", (3.0, 3.0)), ("branch(x)", 10.0)]


def test_a_graph_of_many_outputs_in_a_chain():
    fan = Graph()
    x = fan.input("x")
    fan.output(x * 2.0, x * 3.0)
    model = Sequential(fan, MatMul())
    assert model.forward(np.array([1.0, 2.0])) == 30.0
    np.testing.assert_array_equal(model.backward(1.0)[0], [12.0, 24.0])


def test_whole_numbers_stay_whole_at_a_fork():
    g = Graph()
    tokens = g.input("tokens")
    g.output(g.add(Embedding(5, 3, rng=0), tokens) + g.add(Embedding(5, 3, rng=1), tokens))
    assert g.forward(np.array([1, 4])).shape == (2, 3)
    g_in, param_grads = g.backward(np.ones((2, 3)))
    assert g_in is None
    assert list(param_grads) == ["embedding.W", "embedding_2.W"]


def test_a_graph_obeys_the_whole_contract():
    g = Graph()
    x, y, theta = g.input("x"), g.input("y"), g.parameter("theta", [1.0, -2.0, 0.5])
    h = g.add(Linear(3, 3, rng=0), x)
    g.output(h * y + x, g.add(Sin(), theta * h))
    rng = np.random.default_rng(0)
    report = check_layer(g, (rng.normal(size=(4, 3)), rng.normal(size=(4, 3))))
    assert report.ok, str(report)


def test_a_deep_copy_is_a_graph_of_its_own():
    g, x, _ = diamond()
    g.forward(3.0, 4.0)
    other = copy.deepcopy(g)
    other.forward(1.0, 1.0)
    assert other.wires["x"].value == 1.0
    assert x.value == 3.0
    assert other.backward(1.0)[0] == (3.0, 1.0)


def test_repr_shows_the_wiring():
    g, _, _ = diamond()
    assert repr(g) == "Graph(\n  inputs: x, y\n  add: Add() <- x, y\n  f: Multiply() <- add, x\n  outputs: f\n)"
