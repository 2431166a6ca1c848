"""The simplest recurrent cell: the new state is a squashed sum of what comes in and what was there."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array
from layers.recurrent.cell import Cell
from layers.rng import Seed


class RNNCell(Cell):
    """One step of an Elman net, with tanh or ReLU.

    Equation:  h' = act(x x_W^T + x_b + h h_W^T + h_b)
               g_a = g_r = g_h' act'                   (1 - h'^2 for tanh; 1 where h' > 0 for relu, 0 elsewhere)
               g_x = g_a x_W, g_h = g_r h_W            (T steps back: T factors h_W, which vanish or explode)
               dJ/dx_W = g_a^T x, dJ/dh_W = g_r^T h, dJ/dx_b = g_a, dJ/dh_b = g_r     (summed over the batch)
    Shapes:    x_in = (x (..., n_in), h (..., n_hidden)), x_out = h' (..., n_hidden), x_W (n_hidden, n_in),
               h_W (n_hidden, n_hidden), x_b and h_b (n_hidden,): PyTorch's weight_ih, weight_hh, bias_ih, bias_hh
    Raises:    ShapeError if x_in is not two arrays of these shapes; DtypeError if float32 meets float64
    Source:    Elman 1990, "Finding structure in time"; chapter 14.8 for the weights shared by all steps

    >>> cell = RNNCell.from_arrays(x_W=[[2.0]], h_W=[[3.0]], x_b=[1.0], h_b=[0.0], activation="relu")
    >>> cell.forward(([1.0], [5.0]))                   # 2*1 + 1 + 3*5
    array([18.])
    >>> g_in, param_grads = cell.backward([10.0])
    >>> g_in                                           # 10 * 2, 10 * 3
    (array([20.]), array([30.]))
    >>> param_grads["x_W"], param_grads["h_W"]         # 10 * 1, 10 * 5
    (array([[10.]]), array([[50.]]))
    """

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        *,
        activation: str = "tanh",
        bias: bool = True,
        rng: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        super().__init__(n_in, n_hidden, bias=bias, rng=rng, dtype=dtype)
        self._use(activation)

    def _use(self, activation: str) -> None:
        if activation not in ("tanh", "relu"):
            raise ValueError(f'RNNCell: activation must be "tanh" or "relu", got {activation!r}')
        self.activation = activation

    def mix(self, a: Array, r: Array, h: Array) -> tuple[Array]:
        self.x_out = np.tanh(a + r) if self.activation == "tanh" else np.maximum(a + r, 0.0)
        return (self.x_out,)

    def unmix(self, g_out: Array) -> tuple[Array, Array, float]:
        slope = 1.0 - self.x_out * self.x_out if self.activation == "tanh" else self.x_out > 0.0
        g_a = g_out * slope
        return g_a, g_a, 0.0

    @classmethod
    def from_arrays(cls, x_W: Any, h_W: Any, x_b: Any = None, h_b: Any = None, *, activation: str = "tanh") -> RNNCell:
        """A cell with copies of its arrays; both biases or none."""
        cell = super().from_arrays(x_W, h_W, x_b, h_b)
        cell._use(activation)
        return cell

    def _options(self) -> str:
        return ("" if self.activation == "tanh" else ', activation="relu"') + super()._options()
