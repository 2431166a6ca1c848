"""Every layer of the kit can be traced and drawn, with no view knowing any of them."""

import pytest

import layers
from graph import Sequential, Trace, draw
from layers import Layer
from tests.graph.views.test_trace_html import Page, stripped

LAYERS = [
    cls for cls in vars(layers).values()
    if isinstance(cls, type) and issubclass(cls, Layer) and "example" in vars(cls)
]  # fmt: skip


@pytest.mark.parametrize("cls", LAYERS)
def test_a_layer_is_traced_in_text_and_html_and_drawn(cls):
    layer, x_in = cls.example(0)
    trace = Trace(Sequential(layer), None, x_in)
    assert len(trace) == 2
    assert max(map(len, str(trace).splitlines())) <= 100
    assert len(Page(stripped(trace._repr_html_())).summaries) == 2
    assert draw(trace).axes[0].texts


@pytest.mark.parametrize("cls", LAYERS)
def test_a_layer_says_its_rules(cls):
    forward, backward = (step.rule for step in Trace(cls.example(0)[0], None, cls.example(0)[1]))
    assert "=" in forward
    assert backward.startswith(("g_in", "g_"))
