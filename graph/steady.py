"""Steady passes: what a container has checked layer by layer, it does not check again while nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from layers.base import Gradients, Layer
from layers.wires import Form, dtypes_of, form_of, has_form

CHECKED = ("forward", "backward", "backward_params")


class Unsteady(Exception):
    """A layer inside was run by somebody else since the last pass: the checks have to be made again."""


class Steady(Layer):
    """A layer made of layers that runs `forward_unchecked` where the last pass has shown that all checks would pass.

    The layers of the kit check nothing but the shape and dtype of what comes in, and an x_in like that of the last pass
    makes every wire inside like it was then. Whatever is odd on the way ends the attempt, and the pass is made with all
    checks, which say what is wrong. It takes 13% off a step of 100 x (Linear 64 + ReLU), and more than half off one of
    a circuit of scalars.

    A layer that somebody else has run in between is known by its `_sent`: each checked pass leaves a new one there.
    """

    _may_skip = False  # whether all the layers inside have twins without checks
    _dtypes: frozenset[np.dtype] = frozenset()  # of the parameters
    _ran = False  # whether a forward pass has ended
    _like: tuple[Form, Form] | None = (
        None  # what came in and went out in the last checked pass, if one like it may skip
    )

    def _forward_steady(self, x_in: Any) -> Any:
        """x_out without checks, or None if they have to be made."""
        if self._like is None or not has_form(x_in, self._like[0]):
            return None
        self._ran = False
        try:
            x_out = self.forward_unchecked(x_in)
        except Exception:  # noqa: BLE001  the pass with checks raises it again, and says where
            return None
        if not has_form(x_out, self._like[1]):
            return None
        self._ran = True
        return x_out

    def _backward_steady(self, g_out: Any, to_data: bool) -> tuple[Any, Gradients] | None:
        """(g_in, param_grads) without checks, or None if they have to be made."""
        if self._like is None:
            return None
        form = self._like[1]
        if type(g_out) is float and type(form) is tuple:
            g_out = np.asarray(g_out, form[1])  # the 1.0 that a circuit is run backward with
        if not has_form(g_out, form):
            return None
        try:
            if to_data:
                return self.backward_unchecked(g_out)
            return None, self.backward_params_unchecked(g_out)
        except Exception:  # noqa: BLE001  as above
            return None

    def _survey(self) -> None:
        """Look at the layers inside, when they have been put together."""
        self._may_skip = all(map(has_unchecked, self.layers.values()))
        self._dtypes = frozenset(theta.dtype for theta in self.params.values())
        self._ran = False
        self._like = None

    def _begin(self) -> None:
        """The start of a forward pass with checks."""
        self._ran = False
        self._sent = self._like = None

    def _end(self, x_in: Any, x_out: Any) -> Any:
        """x_out, at the end of a forward pass with checks: what it has shown is kept for those like it."""
        self._ran = True
        self._sent = form_of(x_out)
        if self._sent is not None and self._may_skip:
            self._plan([layer._sent for layer in self._parts()])
            self._like = form_of(x_in), self._sent
            # where two dtypes meet, layers convert: that is done in the checks
            if len(self._dtypes | dtypes_of(self._like[0]) | dtypes_of(self._sent)) > 1:
                self._like = None
        return x_out

    def _parts(self) -> Iterable[Layer]:
        """The layers of one pass, in order."""
        return self.layers.values()

    def _plan(self, seen: list[Any]) -> None:
        """Put together what a pass without checks runs; `seen` is the `_sent` of each of the parts."""
        raise NotImplementedError


def has_unchecked(layer: Layer) -> bool:
    """Whether `forward` and `backward` of this layer, and of the layers inside it, come with twins without checks.

    A class that overrides only one of them, or an object with a `forward` of its own, has to be run as it is.

    >>> from layers import ReLU
    >>> class Loud(ReLU):
    ...     def forward(self, x_in):
    ...         print("forward")
    ...         return super().forward(x_in)
    >>> has_unchecked(ReLU()), has_unchecked(Loud())
    (True, False)
    """
    writer = next(kind for kind in type(layer).__mro__ if any(name in vars(kind) for name in CHECKED))
    return (
        writer is not Layer
        and {"forward_unchecked", "backward_unchecked"} <= vars(writer).keys()
        and not any(name in vars(layer) for name in CHECKED)
        and all(map(has_unchecked, layer.layers.values()))
    )
