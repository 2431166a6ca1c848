"""The flat code of the layers whose gradients are matrix products, sums or slices."""

from __future__ import annotations

from typing import Any

from graph.flat.rule import Rule


def linear(layer: Any, n: int) -> Rule:
    """One matrix product; for a batch of rows as the chapter writes it, else with all rows as one batch."""
    n_out, n_in = layer.params["W"].shape
    g, x = "{g}", "{x}"
    if layer._sent is None or layer.x_in.ndim != 2:
        g, x = f"np.reshape({{g}}, (-1, {n_out}))", f"np.reshape({{x}}, (-1, {n_in}))"
    if "b" not in layer.params:
        return Rule("{x} @ {W}.T", ("{g} @ {W}",), {"W": f"{g}.T @ {x}"})
    return Rule("{x} @ {W}.T + {b}", ("{g} @ {W}",), {"W": f"{g}.T @ {x}", "b": f"np.sum({g}, axis=0)"})


def matmul(layer: Any, n: int) -> Rule:
    """A @ B: in one product where a forward pass has shown matrices or vectors, else by a helper that looks."""
    ndims = None if layer._sent is None else (layer.A.ndim, layer.B.ndim)
    gradients = {
        (1, 1): ("{g} * {x1}", "{g} * {x0}"),
        (1, 2): ("{x1} @ {g}", "np.outer({x0}, {g})"),
        (2, 1): ("np.outer({g}, {x1})", "{g} @ {x0}"),
        (2, 2): ("{g} @ {x1}.T", "{x0}.T @ {g}"),
    }
    looking = tuple(f"matmul_gradients({{g}}, {{x0}}, {{x1}})[{i}]" for i in range(2))
    return Rule("{x0} @ {x1}", gradients.get(ndims, looking))


def total(layer: Any, n: int) -> Rule:
    """The sum: its gradient goes to every element."""
    return Rule(f"np.sum({{x}}, axis={layer.axis})", (f"{spread(layer)} * np.ones_like({{x}})",))


def mean(layer: Any, n: int) -> Rule:
    """The mean: each element gets its share."""
    share = f"{spread(layer)} * np.ones_like({{x}}) / (np.size({{x}}) / np.size({{y}}))"
    return Rule(f"np.mean({{x}}, axis={layer.axis})", (share,))


def spread(layer: Any) -> str:
    """The gradient of a sum with the summed axes back in place."""
    return "{g}" if layer.axis is None else f"np.expand_dims({{g}}, {layer.axis})"
