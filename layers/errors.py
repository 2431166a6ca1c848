"""The errors of the kit: each says where it happened, what was expected, what came and what to do."""

from __future__ import annotations

from typing import Any


class PlacedError(Exception):
    """An error that knows its place; every container it passes through puts its own place in front.

    >>> error = ShapeError("x_in must be (..., 2), got (3,)", where="Linear(2 -> 1)")
    >>> print(error)
    Linear(2 -> 1): x_in must be (..., 2), got (3,)
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.places = [where] if where else []

    def __str__(self) -> str:
        return f"{', '.join(self.places)}: {self.message}" if self.places else self.message


class ShapeError(PlacedError, ValueError):
    """An array has another shape than the one asked for."""


class DtypeError(PlacedError, TypeError, ValueError):
    """A value is not made of real numbers, or float32 meets float64 on two wires."""


class DomainError(PlacedError, ValueError):
    """A value for which the layer has no answer: the logarithm of a negative number, an index out of range."""


class ParameterNameError(PlacedError, KeyError, ValueError):
    """A name that is not one of the parameters (or of the state)."""


class BackwardBeforeForwardError(PlacedError, RuntimeError):
    """`backward` was called where no forward pass has set the operating point."""


class SharedLayerError(PlacedError, ValueError):
    """One layer object stands in two places; `layer.tied()` makes a second object with the same parameters."""


def label(layer: Any) -> str:
    """A layer in a few words: its repr where that is one line, else (a container) its class.

    >>> label(3.5)
    '3.5'
    """
    text = repr(layer)
    return type(layer).__name__ if "\n" in text else text


def locate(error: Exception, container: Any, name: str) -> None:
    """Put `container` and the place of its layer `name` in front of `error`, which the caller then raises again.

    The kit's own errors show the place in their message; any other error gets it as a note.
    """
    place = [type(container).__name__, name]  # the Branch at a fork of a graph has no number
    if name in container.layers:
        index = list(container.layers).index(name)
        called = "" if name == str(index) else f'"{name}", '
        place[1] = f"layer {index} ({called}{label(container.layers[name])})"
    if isinstance(error, PlacedError):
        error.places[:1] = place
        return
    notes = getattr(error, "__notes__", [])
    inside = notes.pop().split(", ")[1:] if notes and notes[-1].startswith("raised in: ") else []
    error.add_note("raised in: " + ", ".join(place + inside))
