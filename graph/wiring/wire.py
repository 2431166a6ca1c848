"""A wire: the value that goes from one node of a graph to others, and the operators that place gates on wires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from layers import Add, Divide, MatMul, Multiply, Negate, Power, Reciprocal, Scale, Shift, Subtract
from layers.base import Array, Layer

if TYPE_CHECKING:
    from graph.dag import Graph


class Use(NamedTuple):
    """Where a wire ends: an input of a node, or (with no node) one of the graph's outputs."""

    node: str | None
    input: int

    def __str__(self) -> str:
        return f"{self.node or 'output'}[{self.input}]"


class Wire:
    """What `Graph.input`, `parameter` and `add` return; `+ - * / ** @` and unary minus place the gate of that name.

    Source:    course notes, circuits; the article's third rule: the value stands above the wire, the gradient below

    `value`, `gradient` and `contributions` look at the last pass; no computation reads them.

    >>> from graph import Graph
    >>> g = Graph()
    >>> x = g.input("x")
    >>> g.output(3.0 * x + x)
    >>> g.forward(5.0)                                 # 3*5 + 5
    np.float64(20.0)
    >>> _ = g.backward(1.0)
    >>> x.value, float(x.gradient)                     # 3 by the scale gate and 1 straight
    (5.0, 4.0)
    >>> {path: float(part) for path, part in x.contributions.items()}
    {'scale[0]': 3.0, 'add[1]': 1.0}
    """

    __array_ufunc__ = None  # so that `array * wire` asks the wire and not numpy

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        self.name = name  # that of its node or input; "name[1]" for the second output of a node
        self.uses: list[Use] = []
        self.edge: int | None = None  # its number among graph.edges, known when the graph is fixed
        self.paths: range = range(0)  # behind a fork: the numbers of the edges that leave the Branch

    @property
    def value(self) -> Any:
        """What the wire carried in the last forward pass; None before."""
        return self.graph.values[self.edge] if self.graph.values else None

    @property
    def gradient(self) -> Any:
        """dJ/dvalue of the last backward pass; None before, and None again after a new forward pass."""
        return self.graph.gradients[self.edge] if self.graph.gradients else None

    @property
    def contributions(self) -> dict[str, Array]:
        """At a fork the gradient that came back on each path, by where it leads: they add up to `gradient`."""
        if self.gradient is None:
            return {}
        paths = self.paths or [self.edge]
        return {str(use): self.graph.gradients[path] for use, path in zip(self.uses, paths, strict=True)}

    def __add__(self, other: Any) -> Wire:
        return self._with(other, Add) if isinstance(other, Wire) else self._by(Shift(constant(other)))

    def __sub__(self, other: Any) -> Wire:
        return self._with(other, Subtract) if isinstance(other, Wire) else self._by(Shift(-constant(other)))

    def __mul__(self, other: Any) -> Wire:
        return self._with(other, Multiply) if isinstance(other, Wire) else self._by(Scale(constant(other)))

    def __truediv__(self, other: Any) -> Wire:
        if isinstance(other, Wire):
            return self._with(other, Divide)
        if constant(other) == 0.0:
            raise ZeroDivisionError(f'wire "{self.name}" is divided by the constant 0')
        return self._by(Scale(1.0 / constant(other)))

    def __pow__(self, other: Any) -> Wire:
        return self._by(Power(constant(other)))

    def __matmul__(self, other: Any) -> Wire:
        if not isinstance(other, Wire):
            raise TypeError(f"@ needs two wires, got {type(other).__name__}: let it in by g.parameter or g.input")
        return self._with(other, MatMul)

    def __neg__(self) -> Wire:
        return self._by(Negate())

    def __radd__(self, other: Any) -> Wire:
        return self + other

    def __rmul__(self, other: Any) -> Wire:
        return self * other

    def __rsub__(self, other: Any) -> Wire:
        return -self + other

    def __rtruediv__(self, other: Any) -> Wire:
        a = constant(other)
        inverse = self._by(Reciprocal())
        return inverse if a == 1.0 else inverse * a

    def __rpow__(self, other: Any) -> Wire:
        raise TypeError("a wire cannot be the exponent: write a ** x as Exp of log(a) * x")

    def __rmatmul__(self, other: Any) -> Wire:
        return self @ other  # refused there: what stands to the left is no wire

    def _with(self, other: Wire, gate: type[Layer]) -> Wire:
        return self.graph.add(gate(), self, other)

    def _by(self, gate: Layer) -> Wire:
        return self.graph.add(gate, self)

    def __repr__(self) -> str:
        return f'Wire("{self.name}")'


def constant(value: Any) -> float:
    """A constant beside a wire, as a Python float: it takes on the dtype of the wire.

    >>> constant(np.float32(0.5))
    0.5
    """
    if isinstance(value, Wire):
        raise TypeError("a wire cannot be the exponent: write x ** y as Exp of y * Log of x")
    if np.ndim(value) != 0 or np.asarray(value).dtype.kind not in "fiu":
        kind = type(value).__name__
        raise TypeError(f"a constant beside a wire must be one real number, got {kind}: use g.parameter or g.input")
    return float(value)
