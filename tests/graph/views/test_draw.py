"""Pictures: the documents' circuits with the documents' numbers, unknown gradients, ties, nothing left behind."""

import io

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle

from graph import Graph, Residual, Sequential, Trace, draw
from graph.views.examples import circuit, mlp, neuron, patterns, residual, rnn, traced_mlp
from layers import Embedding, Linear, ReLU
from tests.graph.views.random_structures import random_graph


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def coloured(figure, colour):
    return [text.get_text() for text in figure.axes[0].texts if text.get_color() == colour]


GREEN, RED = "#00795a", "#c2410c"


def test_the_notes_circuit_with_the_notes_numbers():
    figure = draw(circuit())
    assert coloured(figure, GREEN) == ["-2", "5", "3", "-4", "-12"]  # x, y, q, z, f
    assert coloured(figure, RED) == ["-4", "-4", "-4", "3", "1"]


def test_the_sigmoid_neuron_with_the_numbers_of_the_slides():
    figure = draw(neuron())
    assert sorted(coloured(figure, GREEN)) == sorted(
        ["2", "-1", "-3", "-2", "-3", "-2", "6", "4", "1", "-1", "0.37", "1.37", "0.73"]
    )
    assert sorted(coloured(figure, RED)) == sorted(
        ["-0.20", "0.39", "-0.39", "-0.59", "0.20", "0.20", "0.20", "0.20", "0.20", "-0.20", "-0.53", "-0.53", "1"]
    )
    assert {"exp", "$+1$", "$1/x$", r"$\times\,{-1}$"} <= set(texts(figure))


def test_add_distributes_max_routes_multiply_swaps():
    figure = draw(patterns())
    assert sorted(coloured(figure, GREEN)) == sorted(["3", "-4", "2", "-1", "-12", "2", "-10", "-20"])
    assert sorted(coloured(figure, RED)) == sorted(["-8", "6", "2", "0", "2", "2", "2", "1"])


def test_values_are_upright_and_above_gradients_italic_and_below():
    figure = draw(circuit())
    value = next(text for text in figure.axes[0].texts if text.get_text() == "-12")
    gradient = next(text for text in figure.axes[0].texts if text.get_text() == "1")
    assert value.get_style() == "normal"
    assert gradient.get_style() == "italic"
    assert value.get_position()[0] == gradient.get_position()[0]
    assert value.get_position()[1] < gradient.get_position()[1]  # y grows downwards


def test_gradients_not_computed_yet_are_question_marks_never_zeros():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(x * y)
    assert coloured(draw(g), GREEN) == []
    g.forward(2.0, 3.0)
    assert coloured(draw(g), RED) == ["?", "?", "?"]
    g.backward(0.0)
    assert coloured(draw(g), RED) == ["0", "0", "0"]


def test_where_there_is_no_gradient_none_is_said():
    g = Graph()
    g.output(g.add(Embedding(5, 3, rng=0), g.input("words")))
    g.forward(np.array([1, 2]))
    assert "?" in coloured(draw(g), RED)
    g.backward(np.ones((2, 3)))
    assert coloured(draw(g), RED) == ["none", "max 1"]
    trace = Trace(Sequential(Embedding(5, 3, rng=0)), None, np.array([1, 2]))
    assert coloured(draw(trace), RED) == ["none", "max 1"]


def test_gates_are_circles_and_branches_are_named():
    g = Graph()
    x = g.input("x")
    g.output(x * x)
    figure = draw(g)
    circles = [patch for patch in figure.axes[0].patches if isinstance(patch, Circle)]
    assert len(circles) == 2  # the gate and the Branch
    assert "Branch" in texts(figure)


def test_forward_arrows_are_solid_and_backward_arrows_dashed():
    figure = draw(mlp((3, 2)))
    styles = [
        (patch.get_linestyle(), patch.get_edgecolor()) for patch in figure.axes[0].patches if "Arrow" in str(patch)
    ]
    red = matplotlib.colors.to_rgba(RED)
    assert len(styles) == 4
    assert all((style not in ("-", "solid")) == (colour == red) for style, colour in styles)


def test_layers_show_name_and_shapes():
    figure = draw(Sequential(hidden=Linear(4, 3, rng=0), out=Linear(3, 2, rng=0)))
    assert {"hidden", "Linear(4 -> 3)", "W (3, 4),  b (3,)"} <= set(texts(figure))


def test_tied_parameters_bear_the_same_letter():
    first = Linear(3, 3, rng=0)
    figure = draw(Sequential(first, ReLU(), first.tied()))
    assert texts(figure).count("a") == 2
    assert any("0.W and 0.b, tied in 2 places" in text for text in texts(figure))


def test_arrays_show_shape_and_largest_gradient():
    figure = draw(traced_mlp((4, 3, 2), batch=5))
    assert "(5, 4)" in coloured(figure, GREEN)
    assert all(text.startswith("max ") for text in coloured(figure, RED))


def test_names_are_not_taken_for_mathematics():
    g = Graph()
    g.output(g.add(ReLU(), g.input("$a_b")))
    draw(g).savefig(io.BytesIO(), format="png")
    assert r"\$a_b" in texts(draw(g))


@pytest.mark.parametrize(
    "make",
    [
        circuit, neuron, patterns, traced_mlp, lambda: residual(8), lambda: rnn(10), lambda: random_graph(3, 40),
        lambda: Linear(3, 2, rng=0), lambda: Residual(Linear(2, 2, rng=0)), lambda: Sequential(),
        lambda: Trace(circuit(), None, (1.0, 2.0, 3.0)),
    ],
)  # fmt: skip
def test_no_letter_leaves_the_sheet_and_no_pyplot_state_is_left(make):
    figure = draw(make())
    renderer = figure.canvas.get_renderer()
    sheet = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert sheet.x0 <= box.x0
        assert box.x1 <= sheet.x1
        assert sheet.y0 <= box.y0
        assert box.y1 <= sheet.y1
    assert plt.get_fignums() == []
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)  # reads on a dark page too


@pytest.mark.parametrize("make", [neuron, lambda: residual(2), lambda: traced_mlp((8, 6, 3))])
def test_texts_do_not_overlap(make):
    figure = draw(make())
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 2 or b.y1 <= a.y0 + 2
            assert apart, (figure.axes[0].texts[i].get_text(), a, b)


def test_the_same_model_gives_the_same_bytes():
    pictures = []
    for _ in range(2):
        buffer = io.BytesIO()
        draw(residual(2)).savefig(buffer, format="png")
        pictures.append(buffer.getvalue())
    assert pictures[0] == pictures[1]


def test_a_notebook_gets_a_png():
    assert draw(circuit())._repr_png_().startswith(b"\x89PNG")


def test_the_storyboard_has_every_step_and_leaves_no_pyplot_state():
    trace = traced_mlp()
    figure = trace.storyboard()
    shown = texts(figure)
    for step in trace:
        assert any(text.startswith(f"{step.number}  {step.name}") for text in shown)
        assert step.rule in shown
    renderer = figure.canvas.get_renderer()
    assert all(text.get_window_extent(renderer).x1 <= figure.bbox.x1 for text in figure.axes[0].texts)
    assert plt.get_fignums() == []


def test_a_scaled_array_says_its_scale():
    x = np.full((1, 2), 1e-5)
    figure = Trace(Sequential(ReLU()), None, x).storyboard()
    assert any("times 1e-6" in text for text in texts(figure))


def test_a_wide_model_is_broken_into_rows_unless_there_is_room():
    model = residual(8).model
    folded, straight = draw(model), draw(model, width=60)
    assert folded.get_figwidth() < 16 < straight.get_figwidth()
    assert folded.get_figheight() > 2 * straight.get_figheight()
