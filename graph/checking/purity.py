"""Laws about leaving things alone: purity, repeatability, and arrays that belong to somebody else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.checking.findings import Finding
from graph.checking.trial import Pass, Trial, equal


def purity(trial: Trial, result: Pass) -> Iterator[Finding]:
    """Neither forward nor backward writes into what it was given, and neither moves a parameter."""
    trial.changed_params()  # of passes before
    trial.forward()
    for name, x, before in zip(trial.function.names, trial.function.inputs, trial.inputs, strict=True):
        if not equal(x, before):
            yield Finding(
                "purity", f"forward writes into {name}", "it belongs to the caller: work on a copy", "forward"
            )
    if trial.changed_params():
        yield Finding("purity", "forward changes parameters", "only update may", "forward")
    result = trial.run()
    moved = trial.changed_params()
    if moved:
        why = "update before propagating: g_in is then computed with the moved parameters; only update may move them"
        yield Finding("purity", f"backward changes {', '.join(moved)}", why, f'self.params["{moved[0]}"] in backward')
    for g, before in zip(result.g_outs, trial.g_outs, strict=True):
        if not equal(g, before):
            why = "it belongs to the layer above, and a Branch hands it to others: np.where, or g_out * mask"
            yield Finding("purity", "backward writes into g_out", why, "[...] = on g_out in backward")
    trial.forward()
    again, state = [x.copy() for x in trial.function.inputs], trial.layer.state()
    trial.backward()
    if any(not equal(value, state[name]) for name, value in trial.layer.state().items()):
        why = "running statistics and random numbers move in forward, or backward could not be run twice"
        yield Finding("purity", "backward changes the state()", why, "self.... = in backward")
    if not all(equal(x, before) for x, before in zip(trial.function.inputs, again, strict=True)):
        why = "what forward remembered is not backward's to change"
        yield Finding("purity", "backward writes into the x_in of forward", why, "[...] = on self.x_in in backward")
    trial.changed_params()


def repeatability(trial: Trial, result: Pass) -> Iterator[Finding]:
    """The same question twice, the same answer twice."""
    first = {name: np.array(x) for name, x in trial.run().arrays().items()}
    trial.changed_params()
    g_ins, param_grads = trial.backward()
    twice = Pass([], [], [], g_ins, param_grads).arrays()
    different = [name for name, g in twice.items() if not equal(g, first[name])]
    if different:
        why = "something is added up or used up in self: only forward may change what the layer remembers"
        yield Finding("repeatability", f"backward twice gives another {different[0]}", why, "self.... = in backward")
    trial.changed_params()
    alone = {} if trial.function.keys else trial.layer.backward_params(trial.wire())
    if any(not equal(g, param_grads[name]) for name, g in alone.items()) or len(alone) not in (0, len(param_grads)):
        why = "it saves the gradient of x_in, and nothing else"
        yield Finding("repeatability", "backward_params differs from backward", why, "backward_params")
    trial.changed_params()
    trial.run(trial.other_inputs())
    trial.changed_params()
    last = trial.run().arrays()
    trial.changed_params()
    different = [name for name, x in last.items() if not equal(x, first[name])]
    if different and not [name for name in different if name not in first]:
        why = "something of another pass is left in self, or numbers are drawn that state() does not hold"
        yield Finding("repeatability", f"the same x_in later gives another {different[0]}", why, "self.... in forward")


def aliasing(trial: Trial, result: Pass) -> Iterator[Finding]:
    """What is returned is nobody else's array, and stays as it is."""
    result = trial.run()
    trial.changed_params()
    for name, theta in trial.layer.params.items():
        for other, array in result.arrays().items():
            if np.shares_memory(array, theta):
                why = "the next update would change it: return a copy"
                yield Finding("aliasing", f"{other} is the parameter {name} itself", why, "what is returned")
    for name, g in result.param_grads.items():
        for other, arrays in (("g_out", result.g_outs), ("x_in", result.x_ins)):
            if any(np.shares_memory(g, array) for array in arrays):
                hint = ": sum over the batch" if other == "g_out" else ""
                why = "whoever adds gradients up would change it too"
                yield Finding("aliasing", f"d{name} is {other} itself{hint}", why, f"d{name} in backward")
    kept = {name: np.array(x) for name, x in result.arrays().items()}
    trial.forward(trial.other_inputs())
    trial.backward(factor=3.0)
    trial.changed_params()
    for name, x in result.arrays().items():
        if not equal(x, kept[name]):
            why = "a buffer is used again: return a new array each time, results of earlier passes are still in use"
            yield Finding("aliasing", f"{name} is overwritten by the next pass", why, "out= or [...] = on self....")
