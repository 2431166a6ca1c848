"""The whole contract, tried on one layer: for a layer somebody has just written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graph.checking.case import Case
from graph.checking.check_gradients import check_gradients, independent
from graph.checking.findings import LAWS, Finding, LayerReport
from graph.checking.hypotheses import explain
from graph.checking.manners import errors, tied, update
from graph.checking.purity import aliasing, purity, repeatability
from graph.checking.shapes import dtype, shapes
from graph.checking.trial import Pass, Trial
from graph.checking.undisturbed import undisturbed
from layers.base import Layer
from layers.errors import label
from layers.rng import Seed


def check_layer(layer: Layer, x_in: Any, *, strict: bool = False, rng: Seed = 0) -> LayerReport:
    """Try every law of the contract, and say of what is broken what, probably why, and where to look.

    The laws: shapes, dtype, purity, repeatability, aliasing, gradients, errors, update, tied. A layer of one's own
    needs no clear errors: what is missing there is advice, unless `strict`. A loss takes x_in = (y_hat, y). The layer
    is afterwards as it was. A forward and a backward that are wrong together pass: only a number worked by hand tells.

    >>> import numpy as np
    >>> class Shift(Layer):
    ...     def __init__(self):
    ...         self.params = {"b": np.array([1.0, 2.0])}
    ...     def forward(self, x_in):
    ...         return x_in + self.params["b"]
    ...     def backward(self, g_out):
    ...         return g_out, {"b": g_out}
    >>> report = check_layer(Shift(), np.zeros((3, 2)))
    >>> print(report.failures[0])
    db must be (2,) like b, got (3, 2): db is g_out itself: sum over the batch (look at db in backward)
    """
    if not isinstance(layer, Layer):
        raise TypeError(f"check_layer: layer must be an instance of a Layer, got {layer!r}")
    with undisturbed(layer):
        trial = Trial(layer, x_in, independent(rng), strict)
        findings, result = begin(trial)
        findings += shapes(trial, result) if result else []
        if findings:
            return LayerReport(label(layer), findings, LAWS[1:])
        findings = [finding for law in (dtype, purity) for finding in tried(law, trial, result)]
        # a layer that changes its input or its parameters as it runs is no function: differences mean nothing
        moving = any(
            finding.what.startswith(("forward writes", "forward changes", "backward changes")) for finding in findings
        )
        laws = [repeatability, aliasing, *([] if moving else [gradients]), errors, update, tied]
        findings += [finding for law in laws for finding in tried(law, trial, result)]
    return LayerReport(label(layer), findings, ("gradients",) if moving else ())


def begin(trial: Trial) -> tuple[list[Finding], Pass | None]:
    """One pass forward and back; or why there is none."""
    try:
        x_outs = trial.forward()
        trial.draw(x_outs)
    except Exception as error:  # noqa: BLE001 - a layer of the reader's own may raise anything
        return [Finding("shapes", f"forward raises {type(error).__name__}: {error}", "", "forward")], None
    if not all(x.dtype.kind == "f" for x in x_outs):
        return [Finding("shapes", f"x_out must be an array of floats, got {x_outs[0].dtype}", "", "forward")], None
    try:
        return [], trial.run()
    except Exception as error:  # noqa: BLE001
        return [Finding("shapes", f"backward raises {type(error).__name__}: {error}", "", "backward")], None
    finally:
        trial.changed_params()


def tried(law: Callable[[Trial, Pass], Iterator[Finding]], trial: Trial, result: Pass) -> list[Finding]:
    """What one law finds; where the layer stops it by an error, that is a finding too."""
    findings = []
    try:
        for finding in law(trial, result):
            findings.append(finding)  # one by one: what came before an error is kept
    except Exception as error:  # noqa: BLE001
        findings.append(Finding(law.__name__, f"stopped by {type(error).__name__}: {error}", "", "the traceback"))
    trial.changed_params()
    return findings


def gradients(trial: Trial, result: Pass) -> Iterator[Finding]:
    """Backward agrees with differences, and is linear in g_out."""
    report = check_gradients(trial.layer, trial.x_in, g_out=trial.wire(), max_entries=400)
    trial.changed_params()
    for entry in report.entries:
        if entry.ok:
            continue
        a, n = float(entry.analytic[entry.worst]), float(entry.numeric[entry.worst])
        name = "g_in" if entry.name == "x_in" else f"dJ/d{entry.name}"
        what = f"{name} is wrong, at {entry.worst} {a:.6g} where differences give {n:.6g}"
        where = "backward" if entry.name in trial.function.names else f"d{entry.name} in backward"
        yield Finding("gradients", what, explain(Case(trial, result, entry)), where)
