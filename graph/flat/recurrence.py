"""The flat code of the recurrent cell: unrolled, each step is a line, and the gradients of the steps add up."""

from __future__ import annotations

from typing import Any

from graph.flat.rule import Rule


def rnn_cell(layer: Any, n: int) -> Rule:
    """h' = act(x x_W^T + x_b + h h_W^T + h_b), and back."""
    n_hidden, n_in = layer.params["x_W"].shape
    biases = ("{x_b}", "{h_b}") if "x_b" in layer.params else ()
    total = " + ".join(("{x0} @ {x_W}.T", "{x1} @ {h_W}.T", *biases))
    tanh = layer.activation == "tanh"
    g = "({g} * (1.0 - {y} * {y}))" if tanh else "({g} * ({y} > 0.0))"
    rows, x, h = g, "{x0}", "{x1}"
    if layer._sent is None or layer.x.ndim != 2:  # all rows as one batch
        rows, x, h = (f"np.reshape({a}, (-1, {size}))" for a, size in ((g, n_hidden), (x, n_in), (h, n_hidden)))
    params = {"x_W": f"{rows}.T @ {x}", "h_W": f"{rows}.T @ {h}"}
    if biases:
        params |= dict.fromkeys(("x_b", "h_b"), f"np.sum({rows}, axis=0)")
    forward = f"np.tanh({total})" if tanh else f"np.maximum({total}, 0.0)"
    return Rule(forward, (f"{g} @ {{x_W}}", f"{g} @ {{h_W}}"), params)
