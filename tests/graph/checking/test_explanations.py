"""Wrong gradients are explained: check_layer tries its guesses on the numbers."""

import numpy as np
import pytest

from graph import check_layer
from graph.checking.broken_layers import Affine
from layers import Layer, Max
from losses import L2Loss
from tests.graph.checking.broken import (
    FailsBack,
    failures,
)


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
