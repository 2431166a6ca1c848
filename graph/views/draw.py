"""Drawing a model: boxes and wires, values above in green, gradients below in red italics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.naming.places import check_model
from graph.views.layout import Layout
from graph.views.looks import label_of, look_of
from graph.views.rows import Rows
from graph.views.structure import Structure
from graph.views.trace import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST = 13.5  # inches: what a page and a screen show without shrinking


def draw(model_or_graph: Any, *, width: float = WIDEST) -> Figure:
    """A matplotlib figure of a layer, a container, a `Graph`, or a `Trace` (then with what lay on each wire).

    A graph shows the values and gradients of its last pass; "?" stands for a gradient not computed yet. Gates are
    circles, layers boxes, forward arrows solid, backward arrows dashed; tied parameters bear the same letter.
    A model wider than `width` inches is broken into rows; many long wires read better unbroken, on a wide figure.
    The figure has a canvas of its own: `.savefig("model.png")` writes it, a notebook shows it.

    >>> from graph import Residual
    >>> from layers import Linear
    >>> figure = draw(Residual(Linear(4, 4, rng=0)))
    >>> type(figure).__name__
    'Figure'
    """
    from graph.views.picture import picture

    traced = isinstance(model_or_graph, Trace)
    model = model_or_graph.model if traced else model_or_graph
    check_model(model, "draw")
    structure = Structure(model, model_or_graph.steps if traced else ())
    looks = [look_of(node) for node in structure.nodes]
    labels = [label_of(edge) for edge in structure.edges]
    wires = [(edge.source, edge.target) for edge in structure.edges]
    layout = Layout([(look.width, look.height) for look in looks], wires, [label[1:] for label in labels])
    return picture(structure, looks, [texts for texts, _, _ in labels], Rows(layout, width))
