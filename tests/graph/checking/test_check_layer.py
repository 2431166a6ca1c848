"""check_layer: the laws that the gallery does not break, what is advice, and how the report reads."""

import numpy as np
import pytest

from graph import Graph, Residual, Sequential, check_layer
from graph.checking.broken_layers import Affine, BiasForEach
from layers import Add, BackwardBeforeForwardError, Branch, Dropout, Layer, Linear, ReLU
from losses import L2Loss, L2Penalty, SoftmaxCrossEntropy
from tests.graph.checking.broken import (
    AcrossOutputs,
    Ages,
    Column,
    Counts,
    Each,
    Fails,
    FailsBack,
    Forgets,
    ForwardMoves,
    Invents,
    OneReturn,
    OwnTied,
    Remembers,
    Returns,
    Shortcut,
    Transposed,
    Whole,
    WritesInput,
    WritesMemory,
    WrongSign,
    failures,
)


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
