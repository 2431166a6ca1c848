"""Traces: the records are what the layers computed, nothing is disturbed, and the text view is aligned."""

import numpy as np
import pytest

from graph import Graph, Parallel, Residual, Sequential, Trace
from graph.views.examples import circuit, mlp, residual, traced_mlp
from graph.views.rules import rules_of
from layers import Add, Branch, Identity, Layer, Linear, ReLU
from losses import L2Loss, SoftmaxCrossEntropy


class Own(Layer):
    def forward(self, x_in):
        return 3 * x_in

    def backward(self, g_out):
        return 3 * g_out, {}


def test_the_steps_are_forward_then_backward_and_agree_with_the_model():
    rng = np.random.default_rng(0)
    model, loss = mlp((4, 3, 2)), SoftmaxCrossEntropy()
    x, y = rng.normal(size=(5, 4)), rng.integers(0, 2, 5)
    trace = Trace(model, loss, x, y)
    assert [step.direction for step in trace] == ["forward"] * 4 + ["backward"] * 4
    assert [step.name for step in trace] == ["0", "1", "2", "loss", "loss", "2", "1", "0"]
    assert [step.number for step in trace] == list(range(1, 9))
    J = loss.forward(model.forward(x), y)
    g_in, param_grads = model.backward(loss.backward()[0])
    assert trace.J == J
    np.testing.assert_array_equal(trace.steps[-1].g_in, g_in)
    np.testing.assert_array_equal(trace.steps[-1].param_grads["W"], param_grads["0.W"])
    for before, after in zip(trace.steps[:3], trace.steps[1:3], strict=False):
        assert before.x_out is after.x_in


def test_records_do_not_change_with_the_model_or_the_data():
    model = mlp((2, 2))
    x = np.ones((1, 2))
    trace = Trace(model, None, x)
    W = trace.steps[0].params["W"].copy()
    model.params["0.W"][...] = 7.0
    x[...] = 7.0
    np.testing.assert_array_equal(trace.steps[0].params["W"], W)
    np.testing.assert_array_equal(trace.steps[0].x_in, np.ones((1, 2)))


def test_steps_inside_nested_containers_and_graphs():
    g = Graph()
    x = g.input("x")
    g.output(g.add(Sequential(Linear(3, 3, rng=0), ReLU()), x, name="body") + x)
    model = Sequential(Linear(3, 3, rng=1), g, Residual(ReLU()))
    names = [step.name for step in Trace(model, None, np.ones((2, 3))) if step.direction == "forward"]
    assert names == ["0", "1.branch(x)", "1.body.0", "1.body.1", "1.add", "2.0", "2.1.0", "2.1.1", "2.2"]


def test_a_graph_of_several_inputs_is_traced():
    trace = Trace(circuit(), None, (-2.0, 5.0, -4.0))
    assert [float(g) for g in trace.g_in] == [-4.0, -4.0, 3.0]


def test_a_bare_layer_is_traced():
    assert [step.name for step in Trace(Linear(2, 1, rng=0), L2Loss(), [1.0, 2.0], [0.0])] == ["0", "loss", "loss", "0"]


def test_the_addends_of_a_branch_and_of_a_tied_parameter_add_up():
    first = Linear(3, 3, rng=0)
    model = Sequential(first, Branch(2), Parallel(ReLU(), Identity()), Add(), first.tied())
    trace = Trace(model, None, np.ones((2, 3)))
    branch = next(step for step in trace if step.name == "1" and step.direction == "backward")
    np.testing.assert_array_equal(sum(branch.addends.values()), branch.g_in)
    assert len(branch.addends) == 2
    sums = {step.name: step for step in trace if step.layer is None}
    assert list(sums) == ["0.W", "0.b"]
    for name, step in sums.items():
        assert set(step.addends) == {f"0.{name[2:]}", f"4.{name[2:]}"}
        np.testing.assert_allclose(sum(step.addends.values()), trace.param_grads[name], rtol=1e-12)


def test_state_is_put_back():
    class Counting(Layer):
        count = 0

        def forward(self, x_in):
            self.count += 1
            return x_in

        def backward(self, g_out):
            return g_out, {}

        def state(self):
            return {"count": np.array(self.count)}

        def load_state(self, state):
            self.count = int(state["count"])

    layer = Counting()
    Trace(Sequential(layer), None, np.ones(2))
    assert layer.count == 0


def test_rules_come_from_the_docstring():
    assert rules_of(Linear(2, 1, rng=0))[1].startswith("g_in = g_out W")
    assert rules_of(Linear(2, 1, rng=0))[2] == ("dJ/dW = g_out^T x_in, dJ/db = g_out  (both summed over the batch)",)
    assert rules_of(Own()) == ("x_out = f(x_in, theta)", "g_in = g_out L^x, dJ/dtheta = g_out L^theta", ())


@pytest.mark.parametrize(
    "trace", [traced_mlp((64, 32, 10), batch=32), residual(4), Trace(Own(), None, np.ones((200, 300)))]
)
def test_the_text_view_has_a_line_a_step_within_100_columns(trace):
    lines = str(trace).splitlines()
    assert max(map(len, lines)) <= 100
    assert len(lines) == len(trace) + 3  # head, "forward", "backward"
    assert [line for line in lines if line in ("forward", "backward")] == ["forward", "backward"]


def test_the_text_view_is_aligned():
    lines = [line for line in str(traced_mlp()).splitlines() if line.startswith((" ", "1"))]
    assert len(lines) == 8
    assert (
        len({line.index("->") if "->" in line[35:] else line.index("<-") for line in lines if "Linear" not in line})
        == 1
    )


def test_nan_and_inf_are_shown():
    text = str(Trace(Own(), None, np.array([np.nan, np.inf, 1.0])))
    assert "nan inf 3" in text
