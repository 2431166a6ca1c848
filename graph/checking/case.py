"""The case: a gradient that differences contradict, laid before the guesses at what is wrong with it."""

from __future__ import annotations

import numpy as np

from graph.checking.numerical import default_step
from graph.checking.report import Entry
from graph.checking.trial import Pass, Trial
from layers.base import Array

MANY = 10**5  # pairs of numbers that are looked at one by one


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

    def addends(self) -> Array | None:
        """What each number of x_out adds to the gradient of each number here; None where that would be long."""
        function, names = self.trial.function, self.trial.function.names
        if self.a.size * self.g_out.size > MANY or len(self.trial.g_outs) > 1:
            return None
        self.trial.forward()
        array = function.inputs[names.index(self.entry.name)] if self.of_input else self.theta()
        rows = np.empty((self.a.size, self.g_out.size))
        for row, index in zip(rows, np.ndindex(array.shape), strict=True):
            keep, h = array[index].copy(), default_step(array, index)
            array[index] = keep + h
            above = function.forward()[0].astype(np.float64)
            array[index] = keep - h
            row[:] = ((above - function.forward()[0]) / (2 * h) * self.g_out).reshape(-1)
            array[index] = keep
        return rows

    def theta(self) -> Array:
        """The parameter, where the gradient is that of one."""
        return self.trial.layer.params[self.entry.name]

    def is_like(self, guess: Array) -> bool:
        """Whether the gradient by backward is this array."""
        return self.a.shape == np.shape(guess) and near(self.a, guess)


def near(a: Array, b: Array) -> bool:
    """Equal up to what differences can tell, where both were looked at."""
    size = np.nanmax(np.abs(b), initial=0.0)
    return bool(np.all((np.abs(a - b) <= 1e-5 * size + 1e-12) | np.isnan(b)))
