"""Checking a gradient: backward against differences, for the input and for every parameter."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.checking.entries import TOLERANCE, entry_of, ties
from graph.checking.function import Function, leaves
from graph.checking.report import Entry, Report
from graph.checking.undisturbed import undisturbed
from graph.naming.places import check_model
from layers.base import Array, Layer
from layers.errors import ShapeError, label
from layers.rng import Seed, generator


def check_gradients(
    layer: Layer,
    x_in: Any,
    loss: Layer | None = None,
    y: Any = None,
    *,
    g_out: Any = None,
    tolerance: float | None = None,
    max_entries: int = 200,
    rng: Seed = 0,
) -> Report:
    """Compare backward with central differences, number by number, for any layer, container, graph or loss.

    What is differentiated is J = loss(layer(x_in), y), or without a loss sum(x_out * g_out), for a random g_out unless
    one is given. A loss by itself takes x_in = (y_hat, y). Of arrays above `max_entries` numbers, that many are sampled
    by `rng`. Whole numbers in x_in become float64, unless they are indices and have no gradient.

    At a kink (ReLU at 0, a tie in Max, a hinge) the one-sided slopes differ: anything between them is accepted, and
    said. The layer is afterwards as it was.

    >>> from layers import ReLU
    >>> report = check_gradients(ReLU(), [1.0, -2.0, 0.0])
    >>> report.ok, report["x_in"].kinks
    (True, [(2,)])
    """
    check_model(layer, "check_gradients")
    rng = independent(rng)
    if max_entries < 1:
        raise ValueError(f"check_gradients: max_entries must be 1 or more, got {max_entries}")
    with undisturbed(layer, loss) as memories:
        function = Function(layer, x_in, loss, y)
        notes = []
        base = function.forward()
        g_outs = _weights(function, base, g_out, rng)
        g_ins, param_grads = function.backward([g.astype(x.dtype) for g, x in zip(g_outs, base, strict=True)])
        if function.real_inputs(g_ins):
            notes.append("whole numbers in x_in were converted to float64")
            base = function.forward()
            g_ins, param_grads = function.backward([g.astype(x.dtype) for g, x in zip(g_outs, base, strict=True)])
        analytic = [None if g is None else np.array(g) for g in g_ins]
        param_grads = {name: np.array(g) for name, g in param_grads.items()}
        notes += [
            f"{n}: no gradient (indices, or a target)"
            for n, g in zip(function.names, analytic, strict=True)
            if g is None
        ]

        for memory in memories:  # a backward that moves parameters is check_layer's to report
            memory.restore_params()

        def run() -> list[Array]:
            for memory in memories:
                memory.rewind()
            return function.forward()

        base = [x.astype(np.float64) for x in run()]
        pairs = [(n, x, g) for n, x, g in zip(function.names, function.inputs, analytic, strict=True) if g is not None]
        pairs += [(name, theta, param_grads.pop(name, None)) for name, theta in layer.params.items()]
        entries = [entry_of(run, name, x, g, base, g_outs, tolerance, max_entries, rng) for name, x, g in pairs]
        entries += ties(run, pairs, entries, base, g_outs)
    entries += [Entry(name, None, None, None, 0.0, problem="in param_grads, but not in params") for name in param_grads]
    for dtype in sorted({x.dtype.name for _, x, _ in pairs} - {"float64"}):
        notes.append(
            f"{dtype}: differences are good to about {np.finfo(dtype).eps ** (2 / 3):.0e} of the size of x_out, "
            f"so the tolerance is {TOLERANCE[np.dtype(dtype)]:g}; check in float64 to see more"
        )
    return Report(label(layer), entries, notes)


def independent(rng: Seed) -> np.random.Generator:
    """A generator of its own: where x_in was drawn from the same seed, g_out must not be the same numbers again."""
    return np.random.default_rng(generator(rng).integers(2**63))


def _weights(function: Function, base: list[Array], g_out: Any, rng: np.random.Generator) -> list[Array]:
    """g_out as given; or ones for a loss; or random numbers, so that no two errors cancel."""
    if g_out is None:
        return [np.ones(x.shape) if function.loss is not None else rng.normal(size=x.shape) for x in base]
    given = [np.asarray(g, np.float64) for g in leaves(g_out)]
    if [g.shape for g in given] != [x.shape for x in base]:
        expected, got = ([x.shape for x in xs] for xs in (base, given))
        raise ShapeError(f"g_out must be shaped like x_out, {expected}, got {got}", label(function.layer))
    return given
