"""Unrolled: a cell applied along time, the same weights at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from layers.arguments import whole
from layers.base import Array, Gradients, Layer
from layers.errors import ShapeError, label, locate
from layers.recurrent.rnn_cell import RNNCell
from layers.rng import Seed, generator
from layers.wires import described, float_array


class Unrolled(Layer):
    """A recurrent layer: one tied copy of a cell for each step of time.

    Equation:  h_t = cell(x_t, h_{t-1}), t = 1, ..., T;  x_out = (h_1, ..., h_T)
               h_t goes two ways, out at t and on to t + 1, so its gradients add up (14.42): with G_T = 0 (or g of h_T),
               (g_x_t, G_{t-1}), dJ/dtheta^t = cell.backward(g_out_t + G_t), t = T, ..., 1
               dJ/dtheta = dJ/dtheta^1 + ... + dJ/dtheta^T      (14.47: backpropagation through time is nothing else)
    Shapes:    x_in (..., T, n_in), time on the last axis but one, or (x, h_0), (x, h_0, c_0) with states
               (..., n_hidden), which are zero otherwise; x_out (..., T, n_hidden), or (x_out, h_T), (x_out, h_T, c_T)
               with states=True. A batch is (N, T, n_in), a single sequence (T, n_in)
    Raises:    ShapeError if T is 0 or the cell refuses a step
    Source:    chapter 14.8, equation 14.47; Werbos 1990, "Backpropagation through time"

    `reverse=True` goes through time from the end to the start; x_out[t] stays beside x_in[t]. `window=k` cuts the way
    back: the state that enters steps k + 1, 2k + 1, ... counts as a constant there (truncated backpropagation).
    Any layer that takes (x, h) and gives h is a cell; one that does not have `start` needs h_0 in x_in.

    >>> layer = Unrolled(RNNCell.from_arrays([[1.0]], [[2.0]], activation="relu"))
    >>> layer.forward([[1.0], [1.0], [1.0]])           # h = x + 2 h: 1, 1 + 2*1, 1 + 2*3
    array([[1.],
           [3.],
           [7.]])
    >>> g_in, param_grads = layer.backward([[0.0], [0.0], [10.0]])
    >>> g_in                                           # a factor 2 for each step back
    array([[40.],
           [20.],
           [10.]])
    >>> param_grads["h_W"]                             # the steps' g_t h_{t-1}: 40*0 + 20*1 + 10*3
    array([[50.]])
    """

    def __init__(self, cell: Layer, *, reverse: bool = False, states: bool = False, window: int | None = None) -> None:
        if not isinstance(cell, Layer):
            raise TypeError(f"Unrolled: cell must be a Layer, such as RNNCell(3, 4), got {cell!r}")
        if window is not None:
            whole("Unrolled", "window", window, least=1)
        self.cell, self.layers, self.params = cell, {"cell": cell}, cell.params
        self.reverse, self.states, self.window = reverse, states, window

    @property
    def n_outputs(self) -> int:
        return 1 + getattr(self.cell, "n_outputs", 1) if self.states else 1

    def forward(self, x_in: Any) -> Any:
        x, state = self._received(x_in)
        T = x.shape[-2]
        h: list[Any] = [None] * T
        self.steps = []  # (t, the copy of the cell that ran there), in the order of running
        for t in reversed(range(T)) if self.reverse else range(T):
            copy = self.cell.tied()
            state = wires(self._in_place(copy.forward, (x[..., t, :], *state)))
            h[t] = state[0]
            self.steps.append((t, copy))
        self.last = state
        x_out = np.stack(h, axis=-2)
        return self.send((x_out, *state) if self.states else x_out)

    def backward(self, g_out: Any) -> tuple[Any, Gradients]:
        g_out = self.receive_gradient(g_out)
        g_h, *g_state = g_out if self.states else (g_out, *map(np.zeros_like, self.last))
        g_x: list[Any] = [None] * len(self.steps)
        total = {name: np.zeros_like(theta) for name, theta in self.params.items()}
        for number, (t, copy) in reversed(list(enumerate(self.steps))):
            g_state[0] = g_state[0] + g_h[..., t, :]
            g = tuple(g_state) if len(g_state) > 1 else g_state[0]
            (g_x[t], *g_state), param_grads = self._in_place(copy.backward, g)
            for name, g_theta in param_grads.items():
                total[name] += g_theta
            if self.window and number and number % self.window == 0:
                g_state = [np.zeros_like(s) for s in g_state]
        g_in = np.stack(g_x, axis=-2)
        return (g_in, *g_state) if self.state_given else g_in, total

    def _received(self, x_in: Any) -> tuple[Array, tuple[Array, ...]]:
        x, *state = wires(x_in) or (None,)
        dtype = next((theta.dtype for theta in self.params.values()), None)  # that of the cell, if it has any
        x, state = self.receive(x, dtype), [float_array(self, "x_in", part, dtype) for part in state]
        self.state_given = type(x_in) is tuple
        if x.ndim < 2 or not x.shape[-2]:
            raise ShapeError(f"x_in must be (..., T, n_in), T 1 or more steps of time, got {x.shape}", repr(self))
        if not self.state_given and hasattr(self.cell, "start"):
            state = self.cell.start(x.shape[:-2])
        if not state:
            raise ShapeError(f"x_in must be a tuple (x, h_0), got {described(x_in)}", repr(self))
        return x, tuple(state)

    def _in_place(self, run: Callable[[Any], Any], value: Any) -> Any:
        try:
            return run(value)
        except Exception as error:
            locate(error, self, "cell")
            raise

    def tied(self) -> Self:
        other = super().tied()
        other.params = other.cell.params
        return other

    def state(self) -> dict[str, Array]:
        return self.cell.state()

    def load_state(self, state: Mapping[str, Array]) -> None:
        self.cell.load_state(state)

    def __repr__(self) -> str:
        options = [f"{name}={value}" for name in ("reverse", "states", "window") if (value := getattr(self, name))]
        return f"Unrolled({', '.join([label(self.cell), *options])})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Unrolled, tuple[Array, Array]]:
        """A small net, sequences and the states they start from."""
        rng = generator(rng)
        return cls(RNNCell(3, 2, rng=rng)), (rng.normal(size=(4, 3, 3)), rng.normal(size=(4, 2)))


def wires(value: Any) -> tuple[Any, ...]:
    """One wire as a tuple of one; several as they are."""
    return value if type(value) is tuple else (value,)
