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
    """A @ B; matrices are supposed where no forward pass has shown vectors."""
    ndims = (2, 2) if layer._sent is None else (layer.A.ndim, layer.B.ndim)
    gradients = {
        (1, 1): ("{g} * {x1}", "{g} * {x0}"),
        (1, 2): ("{x1} @ {g}", "np.outer({x0}, {g})"),
        (2, 1): ("np.outer({g}, {x1})", "{g} @ {x0}"),
        (2, 2): ("{g} @ {x1}.T", "{x0}.T @ {g}"),
    }
    general = ("{g} @ np.swapaxes({x1}, -1, -2)", "np.swapaxes({x0}, -1, -2) @ {g}")
    if 1 in ndims and max(ndims) > 2:
        A, B = ("{x0}[None, :]", "{x1}") if ndims[0] == 1 else ("{x0}", "{x1}[:, None]")
        g = "{g}[..., None, :]" if ndims[0] == 1 else "{g}[..., None]"
        general = (f"{g} @ np.swapaxes({B}, -1, -2)", f"np.swapaxes({A}, -1, -2) @ {g}")
        general = (
            f"np.reshape(sum_to({general[0]}, {A}), np.shape({{x0}}))",
            f"np.reshape(sum_to({general[1]}, {B}), np.shape({{x1}}))",
        )
    elif ndims[0] != ndims[1]:
        general = (f"sum_to({general[0]}, {{x0}})", f"sum_to({general[1]}, {{x1}})")
    return Rule("{x0} @ {x1}", gradients.get(ndims, general))


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


def select(layer: Any, n: int) -> Rule:
    """One element: the gradient goes there and nowhere else."""
    index = ", ".join(map(str, layer.index))
    return Rule(f"{{x}}[..., {index}]", (f"put_at({{g}}, (..., {index}), {{x}})",))
