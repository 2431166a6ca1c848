"""One wrong gradient, and what it can be compared with."""

from __future__ import annotations

import numpy as np

from graph.checking.report import Entry
from graph.checking.trial import Pass, Trial
from layers.base import Array


class Case:
    """One wrong gradient, and what it can be compared with."""

    def __init__(self, trial: Trial, result: Pass, entry: Entry) -> None:
        self.trial, self.entry = trial, entry
        self.a, self.n = np.asarray(entry.analytic, np.float64), entry.numeric
        self.g_out, self.x_in, self.x_out = result.g_outs[0], result.x_ins[0], result.x_outs[0]
        self.of_input = entry.name in trial.function.names
        self.d = "g_in" if self.of_input else f"d{entry.name}"
        self.N = len(self.x_in) if self.x_in.ndim > 1 else 1

    @property
    def double(self) -> Array:
        """The same gradient for twice the g_out."""
        self.trial.run()
        g_ins, param_grads = self.trial.backward(factor=2.0)
        self.trial.changed_params()
        if not self.of_input:
            return np.asarray(param_grads[self.entry.name], np.float64)
        return np.asarray(g_ins[self.trial.function.names.index(self.entry.name)], np.float64)

    def is_like(self, guess: Array) -> bool:
        """Whether the gradient by backward is this array."""
        return self.a.shape == np.shape(guess) and near(self.a, guess)


def near(a: Array, b: Array) -> bool:
    """Equal up to what differences can tell, where both were looked at."""
    size = np.nanmax(np.abs(b), initial=0.0)
    return bool(np.all((np.abs(a - b) <= 1e-5 * size + 1e-12) | np.isnan(b)))
