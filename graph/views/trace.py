"""Trace: one forward and one backward pass, kept step by step as plain records to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.naming.places import check_model
from graph.views.record import Record, Steps, copied, ones_like
from graph.views.rules import rules_of
from layers.base import Array, Layer, Wire
from layers.errors import label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOSS = ("y_hat, y", "J")  # what a loss calls its x_in and x_out
TIED_RULE = "dJ/dtheta = sum over the places of theta  (14.47)"


class Trace:
    """Every step of model and loss, forward and then backward, in the order in which they ran.

    Source:    chapter 14.4, algorithm 14.1, one line at a time

    `print(trace)` shows a line a step; in a notebook it is a stepper for buttons and arrow keys; `.storyboard()` is
    one figure; `.save("steps.html")` writes a page. Without a loss, backward starts from ones. The model's state
    (running statistics, a Dropout's generator) is put back afterwards.

    >>> from graph import Sequential
    >>> from layers import Linear, ReLU
    >>> model = Sequential(Linear.from_arrays([[1.0, 2.0]], [3.0]), ReLU())
    >>> trace = Trace(model, None, [1.0, 1.0])
    >>> [(step.direction, step.name) for step in trace.steps]
    [('forward', '0'), ('forward', '1'), ('backward', '1'), ('backward', '0')]
    >>> trace.steps[-1].g_in                           # the gate is open: 1 * (1, 2)
    array([1., 2.])
    """

    def __init__(self, model: Layer, loss: Any, x: Wire, y: Any = None) -> None:
        check_model(model, "Trace")
        self.model, self.loss = model, loss
        self.steps: list[Record] = []
        self._operands: dict[str, tuple[Wire, Wire]] = {}
        before = model.state()
        try:
            self.y_hat = self._forward(model, copied(x))
            self.J = None if loss is None else self._loss_forward(loss, y)
            g_out = ones_like(self.y_hat) if loss is None else self._loss_backward(loss)
            self.g_in, self.param_grads = self._backward(model, g_out)
        finally:
            model.load_state(before)

    def _forward(self, model: Layer, x: Wire) -> Wire:
        if not hasattr(model, "forward_steps"):
            x_out = model.forward(x)
            self._add_forward("0", model, x, x_out)
            return x_out
        steps = Steps(model.forward_steps(x, nested=True))
        for step in steps:
            self._add_forward(step.name, step.layer, step.x_in, step.x_out)
        return steps.result

    def _backward(self, model: Layer, g_out: Wire) -> tuple[Wire, Mapping[str, Array]]:
        if not hasattr(model, "backward_steps"):
            g_in, param_grads = model.backward(g_out)
            self._add_backward("0", model, g_out, g_in, param_grads)
            return g_in, param_grads
        steps = Steps(model.backward_steps(g_out, nested=True))
        for step in steps:
            self._add_backward(step.name, step.layer, step.g_out, step.g_in, step.param_grads)
        g_in, param_grads = steps.result
        for name in model.params:
            addends = model.contributions(name)
            if len(addends) > 1:
                total = {"param_grads": {name: param_grads[name]}, "addends": addends}
                self._add("backward", name, None, TIED_RULE, **total)
        return g_in, param_grads

    def _loss_forward(self, loss: Any, y: Any) -> Any:
        J = loss.forward(self.y_hat, y)
        self._add_forward("loss", loss, (self.y_hat, np.asarray(y)), J, called=LOSS)
        return J

    def _loss_backward(self, loss: Any) -> Wire:
        g_in, param_grads = loss.backward()
        self._add_backward("loss", loss, np.ones_like(self.J), g_in, param_grads, called=LOSS)
        return g_in

    def _add_forward(self, name: str, layer: Layer, x_in: Wire, x_out: Wire, **more: Any) -> None:
        self._operands[name] = (x_in, x_out)
        params = {key: np.array(theta) for key, theta in layer.params.items()}
        self._add("forward", name, layer, rules_of(layer)[0], x_in=x_in, x_out=x_out, params=params, **more)

    def _add_backward(
        self, name: str, layer: Layer, g_out: Wire, g_in: Wire, param_grads: Mapping[str, Array], **more: Any
    ) -> None:
        x_in, x_out = self._operands[name]
        is_sum = type(g_out) is tuple and len(g_out) > 1 and type(g_in) is not tuple
        addends = {f"g_out^{i}": g for i, g in enumerate(g_out, 1) if g is not None} if is_sum else {}
        self._add(
            "backward",
            name,
            layer,
            rules_of(layer)[1],
            x_in=x_in,
            x_out=x_out,
            g_out=g_out,
            g_in=g_in,
            param_grads=param_grads,
            addends=addends,
            param_rules=rules_of(layer)[2],
            **more,
        )

    def _add(self, direction: str, name: str, layer: Layer | None, rule: str, **values: Any) -> None:
        self.steps.append(Record(len(self.steps) + 1, direction, name, layer, rule, **values))

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.steps)

    def __str__(self) -> str:
        from graph.views.trace_text import text_of

        return text_of(self)

    def __repr__(self) -> str:
        return f"Trace({label(self.model)}, {len(self)} steps)"

    def _repr_html_(self) -> str:
        from graph.views.trace_html import fragment

        return fragment(self)

    def save(self, path: str | PathLike) -> None:
        """Write the stepper as a page of its own, for light and dark screens; it needs no network."""
        from graph.views.trace_html import page

        Path(path).write_text(page(self), encoding="utf-8")

    def storyboard(self) -> Figure:
        """All steps as one matplotlib figure: forward down the left side, backward up the right."""
        from graph.views.storyboard import storyboard

        return storyboard(self)
