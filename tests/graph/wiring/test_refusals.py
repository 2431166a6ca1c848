"""What a Graph refuses, and that it says so in words."""

from __future__ import annotations

import numpy as np
import pytest

from graph import Graph, Parallel, Sequential
from layers import (
    Add,
    BackwardBeforeForwardError,
    Branch,
    DtypeError,
    Identity,
    Layer,
    Linear,
    ReLU,
    ShapeError,
    SharedLayerError,
)


def one_input():
    g = Graph()
    return g, g.input("x")


def refused(kind, *words):
    pattern = "".join(f"(?=.*{word})" for word in words)
    return pytest.raises(kind, match=f"(?s){pattern}")


def test_a_wire_of_another_graph():
    g, x = one_input()
    _other, u = one_input()
    with refused(ValueError, 'wire "x" belongs to another graph'):
        x + u
    with refused(ValueError, "another graph"):
        g.output(u)
    with refused(ValueError, "another graph"):
        g.add(ReLU(), u)
    assert list(g.layers) == []


def test_a_second_input_of_the_same_name_and_a_layer_of_a_taken_name():
    g, x = one_input()
    with refused(ValueError, '"x" is taken by the input'):
        g.input("x")
    with refused(ValueError, '"x" is taken'):
        g.add(ReLU(), x, name="x")
    g.add(ReLU(), x, name="h")
    with refused(ValueError, r'"h" is taken by the layer ReLU'):
        g.input("h")


@pytest.mark.parametrize("name", ["", "a.b", 3])
def test_names_that_are_no_names(name):
    g, x = one_input()
    with refused(ValueError, "without a dot"):
        g.input(name)
    with refused(ValueError, "without a dot"):
        g.add(ReLU(), x, name=name)


def test_a_graph_without_output():
    g, x = one_input()
    x + 1.0
    with refused(ValueError, "no output", "g.output"):
        g.forward(1.0)


@pytest.mark.parametrize("look", [lambda g: g.forward(1.0), lambda g: g.nodes, lambda g: g.edges])
def test_a_wire_that_leads_nowhere_is_named(look):
    g, x = one_input()
    g.add(ReLU(), x, name="lost")
    g.output(x)
    with refused(ValueError, 'wire "lost" leads nowhere'):
        look(g)
    g.output(g.wires["lost"])  # and it can be mended
    look(g)


def test_an_input_that_leads_nowhere():
    g, x = one_input()
    g.input("unused")
    g.output(x)
    with refused(ValueError, '"unused" leads nowhere'):
        g.forward(1.0, 2.0)


def test_one_layer_object_twice():
    g, x = one_input()
    layer = Linear(2, 2)
    h = g.add(layer, x)
    with refused(SharedLayerError, "Linear", '"linear"', r"tied\(\)"):
        g.add(layer, h)
    with refused(SharedLayerError, r"tied\(\)"):
        g.add(Sequential(ReLU(), layer), h)
    with refused(SharedLayerError, r"tied\(\)"):
        Sequential(g, layer)
    with refused(SharedLayerError, "itself"):
        g.add(g, h)
    g.output(g.add(layer.tied(), h))
    assert g.forward(np.ones(2)).shape == (2,)


def test_adding_after_the_graph_is_fixed():
    g, x = one_input()
    g.output(x * 2.0)
    g.forward(1.0)
    for late in (lambda: g.input("y"), lambda: x + 1.0, lambda: g.parameter("w", 1.0), lambda: g.output(x)):
        with refused(RuntimeError, "fixed"):
            late()
    assert g.forward(2.0) == 4.0


def test_a_wrong_number_of_wires():
    g, x = one_input()
    inner, u = one_input()
    inner.output(u + inner.input("v"))
    with refused(ValueError, "2 wires, got 1"):
        g.add(inner, x)
    with refused(ValueError, "2 wires, got 3"):
        g.add(Parallel(ReLU(), Identity()), x, x, x)
    with refused(ValueError, "one wire or more, got 0"):
        g.add(ReLU())
    g.output(g.add(Linear(2, 2), x, x, name="scores"))
    with refused(ShapeError, 'Graph, layer 0 \\("scores", Linear\\(2 -> 2\\)\\): x_in must be one array'):
        g.forward(np.ones(2))


def test_what_is_no_wire_and_what_is_no_layer():
    g, x = one_input()
    with refused(TypeError, "g.input", "3.0"):
        g.add(Add(), x, 3.0)
    with refused(TypeError, r"unpack it with \*"):
        g.add(Add(), g.add(Branch(2), x))
    with refused(TypeError, "an instance, not the class"):
        g.add(ReLU, x)


@pytest.mark.parametrize(
    "build",
    [
        lambda x: x + np.ones(3),
        lambda x: np.ones(3) * x,
        lambda x: x * "3",
        lambda x: x - None,
        lambda x: x**x,
        lambda x: 2.0**x,
        lambda x: x @ np.ones((2, 2)),
        lambda x: np.ones((2, 2)) @ x,
        lambda x: x * (1 + 2j),
        lambda x: x + True,
    ],
)
def test_constants_that_are_no_numbers(build):
    _, x = one_input()
    with pytest.raises(TypeError):
        build(x)


def test_a_parameter_that_is_no_number():
    g, _ = one_input()
    with refused(DtypeError, "Parameter", "real numbers"):
        g.parameter("theta", "abc")
    assert list(g.layers) == []


def test_division_by_the_constant_zero():
    _, x = one_input()
    with refused(ZeroDivisionError, '"x"'):
        x / 0


def test_inputs_that_do_not_fit():
    g, x = one_input()
    g.output(x + g.input("y"))
    with refused(ShapeError, r"x_in must be 2 \(x, y\), got 1"):
        g.forward(1.0)
    with refused(ShapeError, "got 3"):
        g.forward(1.0, 2.0, 3.0)
    with refused(TypeError, "x, y", "z"):
        g.forward(x=1.0, z=2.0)
    with refused(TypeError, "all by position or all by name"):
        g.forward(1.0, y=2.0)


def test_backward_before_forward_and_after_a_forward_that_failed():
    g, x = one_input()
    g.output(g.add(Linear(2, 1, rng=0), x))
    with refused(BackwardBeforeForwardError, "Graph", "forward"):
        g.backward(1.0)
    g.forward(np.ones(2))
    with refused(ShapeError, 'Graph, layer 0 \\("linear"', r"\(\.\.\., 2\)", r"\(3,\)"):
        g.forward(np.ones(3))
    with pytest.raises(BackwardBeforeForwardError):
        g.backward(np.ones(1))
    steps = g.forward_steps(np.ones(2))
    with pytest.raises(BackwardBeforeForwardError):
        list(g.backward_steps(np.ones(1)))
    list(steps)
    assert len(list(g.backward_steps(np.ones(1)))) == 1


class Moody(Layer):
    """A reader's own layer that refuses negative numbers, and checks nothing in backward."""

    def forward(self, x_in):
        if x_in < 0:
            raise ValueError("not below 0")
        return x_in

    def backward(self, g_out):
        return g_out, {}


def test_a_forward_that_failed_leaves_no_operating_point_whatever_the_layers_are():
    g, x = one_input()
    g.output(g.add(Moody(), x))
    g.forward(1.0)
    with pytest.raises(ValueError, match="not below 0") as caught:
        g.forward(-1.0)
    assert caught.value.__notes__ == ['raised in: Graph, layer 0 ("moody", Moody())']
    with refused(BackwardBeforeForwardError, "Graph"):
        g.backward(1.0)


def test_a_g_out_that_does_not_fit():
    g, x = one_input()
    g.output(x * 2.0, x * 3.0)
    g.forward(np.ones(2))
    with refused(ShapeError, "a tuple of 2, one for each output"):
        g.backward(np.ones(2))
    with refused(ShapeError, "a tuple of 3"):
        g.backward((1.0, 2.0, 3.0))
    with refused(ShapeError, 'layer 1 \\("scale_2"', r"\(2,\)", r"\(3,\)"):
        g.backward((np.ones(2), np.ones(3)))


class Wrong(Layer):
    """A reader's own layer, with a mistake that can be chosen."""

    def __init__(self, x_out=None, g_in=None, param_grads=None):
        self.x_out, self.g_in, self.param_grads = x_out, g_in, param_grads or {}

    def forward(self, x_in):
        return x_in if self.x_out is None else self.x_out

    def backward(self, g_out):
        return g_out if self.g_in is None else self.g_in, self.param_grads


def graph_of(layer, wires=1):
    g, x = one_input()
    g.output(g.add(layer, *[x] * wires, name="own"))
    return g


def test_mistakes_of_a_readers_own_layer_are_placed():
    with refused(ShapeError, '"own"', "x_out must be one array, got a tuple of 2", "n_outputs"):
        graph_of(Wrong(x_out=(1.0, 2.0))).forward(1.0)
    g = graph_of(Wrong(g_in=(1.0, 2.0)))
    g.forward(1.0)
    with refused(ShapeError, '"own"', "g_in must be one array, got a tuple of 2"):
        g.backward(1.0)
    g = graph_of(Wrong(x_out=1.0, g_in=(np.ones(2), np.ones(3))), wires=2)
    g.forward(1.0)
    with refused(ShapeError, r"Graph, branch\(x\)", "one shape", r"\(2,\), \(3,\)"):
        g.backward(1.0)
    g = graph_of(Wrong(param_grads={"W": 1.0}))
    g.forward(1.0)
    with refused(KeyError, '"own"', "W"):
        g.backward(1.0)
