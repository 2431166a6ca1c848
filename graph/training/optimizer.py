"""The optimizer: turns gradients into a direction, and remembers what it needs under the parameters' names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layers.arguments import number
from layers.base import Array, Gradients
from layers.errors import ParameterNameError, ShapeError


class Optimizer:
    """What every optimizer shares: one memory for each parameter (so one for a tied parameter), and its keeping.

    Equation:  d = f(dJ/dtheta, memory)                (`direction`: one parameter, in place on its memory)
               theta <- theta - lr d                   (`model.update(direction, lr)`, never done here)
    Shapes:    direction[name] like param_grads[name]; every returned array is fresh
    Raises:    ShapeError if a gradient's shape is not the remembered one: one optimizer serves one model

    A subclass names its memory arrays in `slots` and defines `direction`. Any function of gradients will do in its
    place in `fit`; only what it remembers is then not in checkpoints.

    >>> class Sign(Optimizer):
    ...     def direction(self, g, memory):
    ...         return np.sign(g)
    >>> Sign()({"W": np.array([3.0, -0.5])})
    {'W': array([ 1., -1.])}
    """

    slots: tuple[str, ...] = ()  # names of the arrays remembered for each parameter, shaped like it
    weight_decay: float = 0.0  # decoupled decay: direction + weight_decay * theta

    def __call__(self, param_grads: Mapping[str, Array], params: Mapping[str, Array] | None = None) -> Gradients:
        """The direction for `update`. Only decoupled decay reads `params`, the model's parameters."""
        if self.weight_decay and params is None:
            raise TypeError(f"{self!r}: weight_decay needs the parameters: call optimizer(param_grads, model.params)")
        memory = self.memory
        direction = {}
        for name, g in param_grads.items():
            kept = memory.get(name)
            if kept is None:
                kept = memory[name] = {"t": 0} | {slot: np.zeros_like(g) for slot in self.slots}
            elif self.slots and kept[self.slots[0]].shape != g.shape:
                was = kept[self.slots[0]].shape
                raise ShapeError(f'param_grads["{name}"] must be {was} as before, got {g.shape}', repr(self))
            kept["t"] += 1
            direction[name] = self.direction(g, kept)
            if self.weight_decay:
                direction[name] += self.weight_decay * params[name]
        return direction

    def direction(self, g: Array, memory: dict) -> Array:
        """The direction for one parameter; `memory` holds the array of each slot and "t", the number of calls."""
        raise NotImplementedError(f"{type(self).__name__} has no direction(g, memory)")

    @property
    def memory(self) -> dict[str, dict]:
        """The memory of each parameter, by name."""
        return vars(self).setdefault("_memory", {})

    def state(self) -> dict[str, Array]:
        """All memory as copied arrays: "t.0.W", "velocity.0.W", ..."""
        return {f"{slot}.{name}": np.array(a) for name, kept in self.memory.items() for slot, a in kept.items()}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Take back what `state()` gave; if anything is wrong with it, nothing changes."""
        names = [key.partition(".")[2] for key in state if key.startswith("t.")]
        known = {f"{slot}.{name}" for name in names for slot in ("t", *self.slots)}
        if set(state) != known:
            odd = ", ".join(sorted(set(state) ^ known))
            raise ParameterNameError(
                f"state must hold t and {list(self.slots)} of each parameter; see {odd}", repr(self)
            )
        self._memory = {
            name: {"t": int(state[f"t.{name}"])} | {slot: np.array(state[f"{slot}.{name}"]) for slot in self.slots}
            for name in names
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def check_fraction(kind: str, name: str, value: float) -> float:
    """`value` if it can be the decay of a running average: 0 <= value < 1."""
    fraction = number(kind, name, value, least=0.0)
    if fraction >= 1.0:
        raise ValueError(f"{kind}: {name} must be at least 0 and less than 1, got {value!r}")
    return fraction
