"""Laws about errors, update and tied: what Layer gives for free, and a layer of one's own may have broken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.checking.findings import Finding
from graph.checking.function import Function
from graph.checking.trial import Pass, Trial, equal
from layers.errors import BackwardBeforeForwardError

HELP = "x_in = self.receive(x_in), return self.send(x_out), g_out = self.receive_gradient(g_out) do it"


def errors(trial: Trial, result: Pass) -> Iterator[Finding]:
    """What is wrong is said where it enters. A layer of one's own may do without: then this is advice."""
    advice = not trial.strict
    if not trial.function.keys:
        fresh = trial.layer.tied()
        try:
            fresh.backward(trial.wire())
        except BackwardBeforeForwardError:
            pass
        except Exception as error:  # noqa: BLE001 - a layer of the reader's own may raise anything
            what = f"backward before forward raises {type(error).__name__}, which does not say so"
            yield Finding("errors", what, HELP, "backward", advice)
        else:
            yield Finding("errors", "backward before forward is not refused", HELP, "backward", advice)
    trial.run()
    wide = [np.stack([g, g]) for g in trial.g_outs]
    try:
        trial.function.backward(wide)
    except ValueError:
        pass
    except Exception as error:  # noqa: BLE001
        yield Finding("errors", f"g_out of a wrong shape raises {type(error).__name__}", HELP, "backward", advice)
    else:
        what = f"g_out of shape {wide[0].shape} is accepted, and x_out is {trial.g_outs[0].shape}"
        yield Finding("errors", what, f"it is broadcast silently; {HELP}", "backward", advice)
    trial.changed_params()


def update(trial: Trial, result: Pass) -> Iterator[Finding]:
    """theta <- theta - lr dJ/dtheta, in the very array; all or nothing."""
    layer = trial.layer
    if trial.function.keys or not layer.params:
        return
    arrays = dict(layer.params)
    try:
        layer.update({name: np.ones_like(theta) for name, theta in arrays.items()}, 0.5)
        for name, theta in arrays.items():
            if layer.params[name] is not theta:
                why = f'the tied layers and the optimizer hold the old one: self.params["{name}"][...] -= lr * g'
                yield Finding("update", f"update puts a new array in the place of {name}", why, "update")
                layer.params[name] = theta
            elif not np.allclose(theta, trial.params[name] - 0.5):
                hint = "the sign" if np.allclose(theta, trial.params[name] + 0.5) else "theta -= lr * g"
                yield Finding("update", f"update does not move {name} by -lr times its gradient", hint, "update")
        trial.changed_params()
        try:
            layer.update({**{name: np.ones_like(theta) for name, theta in arrays.items()}, "nobody": np.ones(1)}, 1.0)
        except (KeyError, ValueError, TypeError):
            pass
        else:
            yield Finding("update", "update accepts an unknown name", "", "update", not trial.strict)
        if trial.changed_params():
            what = "an update that is refused has moved parameters"
            yield Finding("update", what, "check every name before anything moves", "update", not trial.strict)
    finally:
        trial.changed_params()


def tied(trial: Trial, result: Pass) -> Iterator[Finding]:
    """A second object, with the same parameters and a memory of its own."""
    if trial.function.keys:
        return
    other = trial.layer.tied()
    for name, theta in trial.layer.params.items():
        if not np.shares_memory(other.params[name], theta):
            yield Finding("tied", f"tied() copies {name}", "the two must move together", "tied")
    first = {name: np.array(x) for name, x in trial.run().arrays().items()}
    trial.changed_params()
    twin = Function(other, trial.x_in)
    twin.inputs = trial.other_inputs()
    twin.forward()
    g_ins, param_grads = trial.backward()
    trial.changed_params()
    now = Pass([], [], [], g_ins, param_grads).arrays()
    if any(not equal(g, first[name]) for name, g in now.items()):
        why = "the two share the memory of forward: it belongs to self, not to the class, a module or a dict shared"
        yield Finding("tied", "a tied layer's forward changes this layer's backward", why, "self.... = in forward")
