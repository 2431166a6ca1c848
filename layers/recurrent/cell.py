"""What the recurrent cells share: a linear map of the input, one of the state, and a rule that mixes the two."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from layers.arguments import float_dtype, whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError
from layers.linear import rows
from layers.parameters import copied
from layers.rng import Seed, generator


class Cell(Layer):
    """One step of a recurrent net. A subclass says `mix` and its backward `unmix`, all of it pointwise.

    Equation:  a = x x_W^T + x_b, r = h h_W^T + h_b    (all gates side by side, n_gates * n_hidden wide)
               h', ... = mix(a, r, h, ...)             (the dots: a second state, the LSTM's c)
               g_x = g_a x_W, g_h = g_r h_W + what mix handed on of h itself
               dJ/dx_W = g_a^T x, dJ/dx_b = g_a, dJ/dh_W = g_r^T h, dJ/dh_b = g_r     (summed over the batch)
    Shapes:    x (..., n_in), h, h' (..., n_hidden), x_W (n_gates n_hidden, n_in), h_W (n_gates n_hidden, n_hidden),
               x_b, h_b (n_gates n_hidden,): PyTorch's weight_ih, weight_hh, bias_ih, bias_hh
    Raises:    ShapeError if x_in is not a tuple of arrays of these shapes; DtypeError if float32 meets float64

    All is drawn uniformly from -1 / sqrt(n_hidden) to 1 / sqrt(n_hidden), as PyTorch does. The weights' names end in W,
    so that L2Penalty counts both and spares the biases.
    """

    n_gates = 1
    n_states = 1

    def __init__(
        self, n_in: int, n_hidden: int, *, bias: bool = True, rng: Seed = None, dtype: Any = np.float64
    ) -> None:
        kind = type(self).__name__
        n_in, n_hidden = whole(kind, "n_in", n_in, least=1), whole(kind, "n_hidden", n_hidden, least=1)
        dtype = float_dtype(kind, dtype)
        n, rng = self.n_gates * n_hidden, generator(rng)
        shapes = {"x_W": (n, n_in), "h_W": (n, n_hidden)} | ({"x_b": (n,), "h_b": (n,)} if bias else {})
        bound = 1.0 / np.sqrt(n_hidden)
        self.params = {name: rng.uniform(-bound, bound, shape).astype(dtype) for name, shape in shapes.items()}

    @property
    def n_inputs(self) -> int:
        return 1 + self.n_states

    @property
    def n_outputs(self) -> int:
        return self.n_states

    def forward(self, x_in: Any) -> Any:
        x, *state = self._received(x_in)
        self.x, self.h = x, state[0]
        a, r = x @ self.params["x_W"].T, self.h @ self.params["h_W"].T
        if "x_b" in self.params:
            a += self.params["x_b"]
            r += self.params["h_b"]
        state = self.mix(a, r, *state)
        return self.send(state if self.n_states > 1 else state[0])

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        g_out = self.receive_gradient(g_out)
        g_a, g_r, g_h, *g_others = self.unmix(*(g_out if self.n_states > 1 else (g_out,)))
        g_in = (g_a @ self.params["x_W"], g_r @ self.params["h_W"] + g_h, *g_others)
        a, r = rows(g_a), rows(g_r)
        param_grads = {"x_W": a.T @ rows(self.x), "h_W": r.T @ rows(self.h)}
        if "x_b" in self.params:
            param_grads |= {"x_b": a.sum(axis=0), "h_b": r.sum(axis=0)}
        return g_in, param_grads

    def mix(self, a: Array, r: Array, *state: Array) -> tuple[Array, ...]:
        """The new state; remembers what `unmix` needs."""
        raise NotImplementedError(f"{type(self).__name__} has no mix(a, r, h)")

    def unmix(self, *g_state: Array) -> tuple[Array, ...]:
        """(g_a, g_r, g_h, ...): the gradients of mix's inputs."""
        raise NotImplementedError(f"{type(self).__name__} has no unmix(g_h)")

    def gates_of(self, a: Array) -> list[Array]:
        """The gates that lie side by side in `a`, each n_hidden wide."""
        n_hidden = self.params["h_W"].shape[1]
        return [a[..., i : i + n_hidden] for i in range(0, a.shape[-1], n_hidden)]

    def start(self, shape: tuple[int, ...]) -> tuple[Array, ...]:
        """The state before the first step: zeros, for datapoints in an array of `shape`."""
        W = self.params["h_W"]
        return tuple(np.zeros((*shape, W.shape[1]), W.dtype) for _ in range(self.n_states))

    def _received(self, x_in: Any) -> list[Array]:
        x_W, h_W = self.params["x_W"], self.params["h_W"]
        xs = [x.astype(x_W.dtype, copy=False) for x in self.receive_many(x_in, self.n_inputs)]
        sizes = [x_W.shape[1]] + self.n_states * [h_W.shape[1]]
        if any(x.shape != (*xs[0].shape[:-1], n) or not x.ndim for x, n in zip(xs, sizes, strict=True)):
            wanted = " and ".join(f"(..., {n})" for n in sizes)
            raise ShapeError(f"x_in must be {wanted}, got {' and '.join(str(x.shape) for x in xs)}", repr(self))
        return xs

    @classmethod
    def from_arrays(cls, x_W: Any, h_W: Any, x_b: Any = None, h_b: Any = None) -> Self:
        """A cell with copies of its arrays; both biases or none."""
        kind, axes = cls.__name__, "(n_gates * n_hidden, n)"
        x_W, h_W = copied(kind, "x_W", x_W, axes), copied(kind, "h_W", h_W, axes)
        cell = cls.__new__(cls)
        cell.params = {"x_W": x_W, "h_W": h_W}
        if x_b is not None or h_b is not None:
            for name, b in (("x_b", x_b), ("h_b", h_b)):  # None is refused too: both biases or none
                cell.params[name] = copied(kind, name, b, "(n_gates * n_hidden,)")
        n_hidden = h_W.shape[1]
        for name, theta in cell.params.items():
            cell.params[name] = theta.astype(x_W.dtype, copy=False)
            if len(theta) != cls.n_gates * n_hidden:
                raise ShapeError(
                    f"{name} must have {cls.n_gates} rows for each of n_hidden, {n_hidden}, got {theta.shape}", kind
                )
        return cell

    def _options(self) -> str:
        return "" if "x_b" in self.params else ", bias=False"

    def __repr__(self) -> str:
        n_in, n_hidden = self.params["x_W"].shape[1], self.params["h_W"].shape[1]
        return f"{type(self).__name__}({n_in} -> {n_hidden}{self._options()})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, tuple[Array, ...]]:
        """A small cell, an input and a state."""
        rng = generator(rng)
        return cls(3, 2, rng=rng), (rng.normal(size=(5, 3)), *(rng.normal(size=(5, 2)) for _ in range(cls.n_states)))
