"""The stepper: every step is there without script and style, it is small, safe and self-contained."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from graph import Residual, Sequential, Trace
from graph.views.examples import traced_mlp
from layers import Linear, ReLU
from losses import L2Loss

VOID = {"br", "meta", "input"}
CLOSED_BY_THE_NEXT = {"tr", "td"}


class Page(HTMLParser):
    """Reads a page and notes what the tests ask for; refuses tags that do not close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.cells, self.summaries, self.text, self.attributes = [], [], [], [], "", []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.attributes.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "td":
            self.cells.append(attrs.get("style", ""))
        if tag == "summary":
            self.summaries.append("")
        if tag not in VOID | CLOSED_BY_THE_NEXT:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if "summary" in self.open:
            self.summaries[-1] += data


def stripped(text):
    """As an untrusted notebook shows it."""
    return re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)


def test_every_step_is_there_in_order_without_script_and_style():
    trace = traced_mlp()
    page = Page(stripped(trace._repr_html_()))
    assert [summary.split()[0] for summary in page.summaries] == [f"{i}/8" for i in range(1, 9)]
    for step, summary in zip(trace, page.summaries, strict=True):
        assert step.direction in summary
        assert step.name in summary
    details = [attrs for tag, attrs in page.attributes if tag == "details"]
    assert all("open" in attrs for attrs in details)
    assert "g_in = g_out W" in page.text


def test_every_number_has_its_own_text_and_background_colour():
    page = Page(stripped(traced_mlp()._repr_html_()))
    assert len(page.cells) > 100
    assert all(re.fullmatch(r"background:#[0-9a-f]{6};color:#000", style) for style in page.cells)


def test_numbers_are_printed_and_large_arrays_say_what_is_left_out():
    html = Trace(Sequential(ReLU()), None, np.arange(400.0).reshape(20, 20) - 7)._repr_html_()
    text = Page(stripped(html)).text
    assert "(20, 20), first 8 x 8" in text
    assert "-7" in text
    assert len(Page(stripped(Trace(ReLU(), None, np.ones((10, 10)))._repr_html_())).cells) >= 300


def test_a_64_32_10_mlp_with_a_batch_of_32_takes_at_most_200_kb():
    assert len(traced_mlp((64, 32, 10), batch=32)._repr_html_().encode()) < 200_000


def test_two_steppers_have_ids_of_their_own():
    trace, same = traced_mlp(), traced_mlp()
    ids = [Page(html).ids for html in (trace._repr_html_(), trace._repr_html_(), same._repr_html_())]
    assert len({name for group in ids for name in group}) == sum(map(len, ids)) == 3


def test_names_are_escaped():
    trace = Trace(Sequential(**{"<script>alert(1)</script>": ReLU()}), None, [1.0])
    html = trace._repr_html_()
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in html


def test_it_needs_nothing_from_the_network():
    for html in (traced_mlp()._repr_html_(),):
        assert not re.search(r"https?:|//cdn|<link|<img|@import|src=", html)


def test_keys_are_kept_from_the_notebook():
    html = traced_mlp()._repr_html_()
    assert 'data-lm-suppress-shortcuts="true"' in html
    assert 'setAttribute("data-lm-suppress-shortcuts", "true")' in html
    assert "stopPropagation" in html


def test_values_and_gradients_are_told_apart_without_colour():
    html = traced_mlp()._repr_html_()
    assert "font-style:italic" in html
    assert "&larr; backward" in html
    assert "forward &rarr;" in html


def test_addends_are_shown_where_a_gradient_is_a_sum():
    first = Linear(2, 2, rng=0)
    trace = Trace(Sequential(first, Residual(ReLU()), first.tied()), L2Loss(), np.ones((1, 2)), np.ones((1, 2)))
    text = Page(stripped(trace._repr_html_())).text
    assert "g_out^1" in text
    assert "dJ/d(0.W)" in text
    assert "2.W" in text


def test_the_page_is_whole_and_the_same_each_time(tmp_path):
    trace = traced_mlp()
    trace.save(tmp_path / "a.html")
    trace.save(tmp_path / "b.html")
    text = (tmp_path / "a.html").read_text()
    assert text == (tmp_path / "b.html").read_text()
    assert text.startswith("<!DOCTYPE html>")
    assert "prefers-color-scheme: dark" in text
    Page(text.replace("<!DOCTYPE html>", ""))


@pytest.mark.parametrize(
    "x", [np.array(2.0), np.ones(3), np.ones((2, 3, 4)), np.zeros((0, 3)), np.array([np.nan, -np.inf])]
)
def test_arrays_of_any_shape(x):
    Page(Trace(ReLU(), None, x)._repr_html_())
