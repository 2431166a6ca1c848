"""The gallery: check_layer names the mistake of every broken layer, except the one that no check can see."""

import inspect

import numpy as np
import pytest

from graph import check_layer
from graph.checking import broken_layers
from graph.checking.broken_layers import Affine, Pointwise, WrongTogether
from layers import Layer

NAMED = {
    "SquareLinear": ("gradients", "dW is the transpose of what it should be"),
    "BackAgain": ("gradients", "g_out @ W.T: the transpose is too much"),
    "BiasForEach": ("shapes", "db is g_out itself: sum over the batch"),
    "RowByRow": ("gradients", "only the last datapoint counts"),
    "Averaging": ("gradients", "mean instead of sum over the batch, off by the factor 1/N, N = 5"),
    "WrongAxis": ("gradients", "db is g_out summed over axis 1, the wrong axis"),
    "Eager": ("purity", "update before propagating"),
    "Replacing": ("update", "update puts a new array in the place of W"),
    "Fork": ("gradients", "= instead of += at a fork"),
    "GradientMask": ("gradients", "the mask is that of the gradient"),
    "InPlace": ("purity", "backward writes into g_out"),
    "Buffered": ("aliasing", "x_out is overwritten by the next pass"),
    "SharedMemory": ("tied", "the two share the memory of forward"),
    "DiagonalSoftmax": ("gradients", "only the diagonal of the Jacobian"),
    "HalfSquare": ("gradients", "a factor 2 is lost"),
    "TwiceMean": ("gradients", "1/N twice"),
    "Upcast": ("dtype", "float32 in, float64 out"),
}
BROKEN = {
    name: kind
    for name, kind in vars(broken_layers).items()
    if inspect.isclass(kind) and issubclass(kind, Layer) and kind.__module__.startswith(broken_layers.__name__)
}


def test_every_broken_layer_is_in_the_table():
    assert set(BROKEN) == {*NAMED, "Affine", "Pointwise", "WrongTogether"}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", NAMED)
def test_the_mistake_is_named(name, seed):
    report = check_layer(*BROKEN[name].example(seed), rng=seed)
    law, words = NAMED[name]
    assert any(words in str(finding) and finding.law == law for finding in report.failures), report
    assert report.failures[0].law == law, "what comes first is the mistake, not a consequence"
    assert not report.ok


@pytest.mark.parametrize("name", [*NAMED, "WrongTogether"])
def test_the_docstring_tells_the_mistake_last(name):
    start, _, answer = inspect.getdoc(BROKEN[name]).partition("\n\nThe mistake: ")
    assert answer
    assert "\n" not in answer
    assert "mistake" not in start


def test_what_is_right_passes_and_what_is_wrong_together_needs_a_number_worked_by_hand():
    assert check_layer(*Affine.example(0)).ok
    layer, x_in = WrongTogether.example(0)
    report = check_layer(layer, x_in)
    assert report.ok
    assert "wrong together pass: work one number by hand" in repr(report)
    assert float(layer.forward(np.array([3.0]))[0]) != 3.0  # and here is the number: max(0, 3) = 3


def test_the_common_parts_are_no_layers_of_their_own():
    assert Pointwise.forward is Layer.forward
