"""check_layer: the laws that the gallery does not break, what is advice, and how the report reads."""

import numpy as np
import pytest

from graph import Graph, Residual, Sequential, check_layer
from graph.checking.broken_layers import Affine, BiasForEach, Pointwise
from layers import Add, BackwardBeforeForwardError, Branch, Dropout, Layer, Linear, Max, ReLU
from losses import L2Loss, L2Penalty, SoftmaxCrossEntropy


def failures(layer, x_in, **options):
    return [(finding.law, str(finding)) for finding in check_layer(layer, x_in, **options).failures]


class Fails(Pointwise):
    def forward(self, x_in):
        raise RuntimeError("no power")


class FailsBack(Pointwise):
    def forward(self, x_in):
        return x_in

    def backward(self, g_out):
        return g_out @ np.ones((7, 2)), {}


class OneReturn(FailsBack):
    def backward(self, g_out):
        return g_out


class Whole(FailsBack):
    def forward(self, x_in):
        return (x_in > 0).astype(int)


class WritesInput(FailsBack):
    def forward(self, x_in):
        x_in *= 2
        return x_in.copy()

    def backward(self, g_out):
        return 2 * g_out, {}


class WritesMemory(FailsBack):
    def forward(self, x_in):
        self.x_in = x_in
        return x_in**2

    def backward(self, g_out):
        self.x_in *= 2
        return g_out * self.x_in, {}


class Forgets(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {"W": param_grads["W"]}


class Invents(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "c": param_grads["b"]}


class Transposed(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "W": param_grads["W"].T}


class Each(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "W": g_out[:, :, None] * self.x_in[:, None, :]}


class AcrossOutputs(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "b": g_out.sum(axis=1)}


class Column(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "b": param_grads["b"][:, None]}


class Returns(Affine):
    def forward(self, x_in):
        self.x_in = x_in
        return self.params["b"]

    def backward(self, g_out):
        return 0 * self.x_in, {"W": 0 * self.params["W"], "b": g_out}


class Remembers(FailsBack):
    total = 0.0

    def forward(self, x_in):
        return x_in

    def backward(self, g_out):
        self.total = self.total + g_out
        return self.total, {}


class Ages(FailsBack):
    age = 0

    def forward(self, x_in):
        self.age += 1
        return x_in * self.age

    def backward(self, g_out):
        return g_out * self.age, {}


class ForwardMoves(Affine):
    def forward(self, x_in):
        self.params["W"] *= 0.9
        return super().forward(x_in)


class WrongSign(Affine):
    def update(self, param_grads, lr):
        for name, g in param_grads.items():
            if name in self.params:
                self.params[name] += lr * g


class Counts(FailsBack):
    def __init__(self):
        self.calls = np.zeros(())

    def forward(self, x_in):
        return 1 * x_in

    def backward(self, g_out):
        self.calls = self.calls + 1
        return g_out, {}

    def state(self):
        return {"calls": self.calls.copy()}

    def load_state(self, state):
        self.calls = state["calls"].copy()


class Shortcut(Affine):
    def backward_params(self, g_out):
        return {"W": g_out.T @ self.x_in, "b": g_out.mean(axis=0)}


class OwnTied(Affine):
    def tied(self):
        return type(self)(1)


@pytest.mark.parametrize(
    ("kind", "law", "words"),
    [
        (Fails, "shapes", "forward raises RuntimeError: no power"),
        (FailsBack, "shapes", "backward raises ValueError"),
        (OneReturn, "shapes", "must return (g_in, param_grads)"),
        (Whole, "shapes", "x_out must be an array of floats, got int64"),
        (WritesInput, "purity", "forward writes into x_in"),
        (WritesMemory, "purity", "backward writes into the x_in of forward"),
        (Forgets, "shapes", 'param_grads has no "b"'),
        (Invents, "shapes", 'param_grads has "c", and params has not'),
        (Transposed, "shapes", "dW is the transpose of what it should be"),
        (Each, "shapes", "one part for each datapoint: sum over the batch (axis 0)"),
        (AcrossOutputs, "shapes", "db is g_out summed over axis 1, the wrong axis"),
        (Column, "shapes", "db.reshape((3,))"),
        (Returns, "aliasing", "x_out is the parameter b itself"),
        (Returns, "aliasing", "db is g_out itself"),
        (Remembers, "repeatability", "backward twice gives another g_in"),
        (Ages, "repeatability", "the same x_in later gives another x_out"),
        (ForwardMoves, "purity", "forward changes parameters"),
        (WrongSign, "update", "by -lr times its gradient: the sign"),
        (Counts, "purity", "backward changes the state()"),
        (Shortcut, "repeatability", "backward_params differs from backward"),
        (OwnTied, "tied", "tied() copies W"),
    ],
)
def test_what_is_broken_is_found(kind, law, words):
    found = failures(*kind.example(0))
    assert any(law == where and words in what for where, what in found), found


class Times(FailsBack):
    """x_out = 3 x_in, with a backward that is handed in."""

    def __init__(self, back):
        self.back = back

    def forward(self, x_in):
        self.x_in = x_in
        return 3 * x_in

    def backward(self, g_out):
        return self.back(g_out), {}


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (lambda g: g, "g_in is g_out handed on"),
        (lambda g: -3 * g, "the sign is wrong"),
        (lambda g: 0 * g, "zero everywhere"),
        (lambda g: 15 * g, "the 1/N of the forward is missing"),
        (lambda g: 2 * g, "a factor of"),
        (lambda g: 3.3 * g, "off by the factor 1.1"),
        (lambda g: 3 * g[::-1], "not of one function"),
        (lambda g: 3 * g + 1, "not linear in g_out"),
        (lambda g: 0 * g + 3, "g_out is not used"),
    ],
)
def test_wrong_gradients_are_explained(back, words):
    words = words.replace("a factor of", "off by the factor 0.6667")
    found = failures(Times(back), np.random.default_rng(3).normal(size=(5, 4)))
    assert words in found[0][1]


def test_a_law_that_is_stopped_by_an_error_is_a_finding_and_the_others_are_tried():
    class NoUpdate(Affine):
        def update(self, param_grads, lr):
            raise OverflowError("too much")

    class OnlyDouble(FailsBack):
        def forward(self, x_in):
            if x_in.dtype != np.float64:
                raise RuntimeError("float64 only")
            return 1 * x_in

        def backward(self, g_out):
            return g_out, {}

    assert failures(*NoUpdate.example(0)) == [("update", "stopped by OverflowError: too much (look at the traceback)")]
    report = check_layer(*OnlyDouble.example(0))
    assert [(f.law, f.what) for f in report.failures] == [("dtype", "stopped by RuntimeError: float64 only")]
    assert report.verdict("gradients") == "ok"


class Convolution(Layer):
    """The exercise that the article leaves to its reader, in one dimension; `add` is what happens in the loop."""

    def __init__(self, add=True):
        self.params, self.add = {"k": np.array([1.0, -2.0, 0.5])}, add

    def forward(self, x_in):
        self.x_in = x_in
        return np.stack([x_in[:, i : i + 3] @ self.params["k"] for i in range(x_in.shape[1] - 2)], axis=1)

    def backward(self, g_out):
        g_in, dk = np.zeros_like(self.x_in), np.zeros_like(self.params["k"])
        for i in range(g_out.shape[1]):
            part = g_out[:, i : i + 1] * self.params["k"]
            g_in[:, i : i + 3] = g_in[:, i : i + 3] + part if self.add else part
            dk += g_out[:, i] @ self.x_in[:, i : i + 3]
        return g_in, {"k": dk}


class LastRow(Layer):
    """An embedding whose rows keep the last gradient alone."""

    def __init__(self):
        self.params = {"W": np.arange(6.0).reshape(3, 2)}

    def forward(self, x_in):
        self.x_in = x_in
        return self.params["W"][x_in]

    def backward(self, g_out):
        dW = np.zeros_like(self.params["W"])
        dW[self.x_in] += g_out
        return None, {"W": dW}


def test_the_articles_convolution_and_the_mistake_that_it_invites():
    x_in = np.random.default_rng(0).normal(size=(3, 6))
    assert check_layer(Convolution(), x_in).ok
    assert "= instead of += where windows overlap" in failures(Convolution(add=False), x_in)[0][1]


def test_a_tie_that_is_paid_twice():
    class Both(Max):
        def backward(self, g_out):
            return tuple(g_out * (x == self.largest) for x in self.tied_inputs), {}

        def forward(self, x_in):
            self.tied_inputs, self.largest = x_in, super().forward(x_in)
            return self.largest

    x_in = (np.array([1.0, 5.0]), np.array([1.0, 2.0]))
    found = failures(Both(), x_in)
    assert ["inputs tied for the largest share one gradient" in what for _, what in found] == [True]


def test_an_index_that_comes_twice():
    found = failures(LastRow(), np.array([2, 0, 2]))
    assert [law for law, _ in found] == ["gradients"]
    assert "an index comes twice" in found[0][1]


def test_a_loss_that_ignores_its_g_out():
    class Ignoring(L2Loss):
        def backward(self, g_out=None):
            return super().backward(None)

    found = failures(Ignoring(), (np.array([[1.0, 2.0]]), np.zeros((1, 2))))
    assert "g_out is not used" in found[0][1]


def test_one_datapoint_has_no_batch_to_divide_by():
    found = failures(Times(lambda g: 0.75 * g), np.ones(4))
    assert "off by the factor 0.25" in found[0][1]


def test_a_gradient_that_should_be_zero():
    class Constant(FailsBack):
        def forward(self, x_in):
            return np.ones_like(x_in)

        def backward(self, g_out):
            return g_out**3 + g_out, {}

    assert "not linear in g_out" in failures(Constant(), np.ones((5, 4)))[0][1]


def test_a_g_in_of_too_many_wires_or_the_wrong_shape():
    assert "g_in must be 1 arrays, got 2" in failures(Times(lambda g: (3 * g, g)), np.ones((5, 4)))[0][1]
    assert "g_in must be (5, 4) like x_in, got (4,)" in failures(Times(lambda g: g[0]), np.ones((5, 4)))[0][1]


def test_manners_are_advice_for_ones_own_layer_and_law_for_the_kit():
    layer, x_in = Affine.example(0)
    report = check_layer(layer, x_in)
    assert report.ok
    assert report.verdict("errors") == "advice"
    assert not check_layer(layer, x_in, strict=True).ok
    assert check_layer(*Linear.example(0), strict=True).verdict("errors") == "ok"


class Careless(Affine):
    def update(self, param_grads, lr):
        for name, g in param_grads.items():
            if name in self.params:
                self.params[name] -= lr * g


class Halfway(Affine):
    def update(self, param_grads, lr):
        for name, g in param_grads.items():
            self.params[name] -= lr * g


def test_an_update_that_takes_any_name_or_stops_halfway():
    assert any("accepts an unknown name" in what for _, what in failures(*Careless.example(0), strict=True))
    assert any("refused has moved" in what for _, what in failures(*Halfway.example(0), strict=True))


@pytest.mark.parametrize(
    ("layer", "x_in"),
    [
        (Sequential(Linear(4, 3, rng=0), ReLU()), np.random.default_rng(1).normal(size=(5, 4))),
        (Residual(Linear(4, 4, rng=0)), np.random.default_rng(1).normal(size=(5, 4))),
        (Branch(2), np.ones((3, 2))),
        (Add(), (np.ones((3, 2)), np.ones((3, 2)))),
        (Dropout(0.5, rng=0), np.ones((3, 2))),
        (L2Loss(), (np.ones((3, 2)), np.zeros((3, 2)))),
        (SoftmaxCrossEntropy(), (np.eye(3), np.array([0, 2, 1]))),
        (L2Penalty(0.1), {"W": np.ones((2, 2)), "b": np.ones(2)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_kits_own_pass_containers_losses_and_penalties_too(layer, x_in):
    check_layer(layer, x_in, strict=True).raise_if_bad()


def test_a_graph_passes():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(g.add(Linear(3, 3, rng=0), x, name="hidden") * y)
    x_in = tuple(np.random.default_rng(0).normal(size=(2, 4, 3)))
    check_layer(g, x_in, strict=True).raise_if_bad()


def test_the_layer_is_as_it_was():
    layer, x_in = Linear.example(0)
    x_in.flags.writeable = False
    before = {name: (theta, theta.copy()) for name, theta in layer.params.items()}
    check_layer(layer, x_in)
    for name, (theta, value) in before.items():
        assert layer.params[name] is theta
        np.testing.assert_array_equal(theta, value)
    with pytest.raises(BackwardBeforeForwardError):
        layer.backward(np.ones((5, 3)))


def test_the_report_reads_as_text_and_as_a_table():
    report = check_layer(*BiasForEach.example(0))
    assert "shapes         WRONG      db must be (3,) like b" in repr(report)
    assert "purity         not tried" in repr(report)
    html = report._repr_html_()
    assert html.count("#fde8e8") >= 3
    assert "background:#ffffff" in html
    with pytest.raises(AssertionError, match="sum over the batch"):
        report.raise_if_bad()
    good = check_layer(*Linear.example(0))
    assert good.raise_if_bad() is good
    assert "#fde8e8" not in good._repr_html_()
    assert "work one number by hand" in good._repr_html_()


def test_a_class_is_asked_for_an_instance():
    with pytest.raises(TypeError, match="an instance"):
        check_layer(Layer, [1.0])
