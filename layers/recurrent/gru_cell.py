"""The gated recurrent unit: two gates decide how much of the old state is kept, and how much is asked."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.sigmoid import sigmoid
from layers.recurrent.cell import Cell


class GRUCell(Cell):
    """One step of a GRU: the new state lies between a proposal n and the old state.

    Equation:  a = x x_W^T + x_b, q = h h_W^T + h_b, each in three parts, for r, z and n
               r = sigmoid(a_r + q_r)                  (reset: how much of the state the proposal sees)
               z = sigmoid(a_z + q_z)                  (update: how much of the state is kept)
               n = tanh(a_n + r q_n)
               h' = (1 - z) n + z h
               g_a_n = g_h' (1 - z) (1 - n^2), g_q_n = g_a_n r
               g_a_r = g_q_r = g_a_n q_n (1 - r) r
               g_a_z = g_q_z = g_h' (h - n) (1 - z) z
               g_x = g_a x_W, g_h = g_q h_W + g_h' z   (the last: a way back that no matrix bars)
               dJ/dx_W = g_a^T x, dJ/dh_W = g_q^T h, dJ/dx_b = g_a, dJ/dh_b = g_q     (summed over the batch)
    Shapes:    x_in = (x (..., n_in), h (..., n_hidden)), x_out = h' (..., n_hidden), x_W (3 n_hidden, n_in),
               h_W (3 n_hidden, n_hidden), x_b and h_b (3 n_hidden,): PyTorch's, in its order r, z, n
    Raises:    ShapeError if x_in is not two arrays of these shapes; DtypeError if float32 meets float64
    Source:    Cho et al. 2014; r inside of n's linear map of h, as in PyTorch

    >>> cell = GRUCell.from_arrays(np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3), [0.0, 0.0, 2 * np.log(3.0)])
    >>> cell.forward(([1.0], [2.0])).round(12)         # r = z = 1/2, n = tanh(log 3) = 0.8: 0.4 + 1
    array([1.4])
    >>> g_in, param_grads = cell.backward([100.0])
    >>> g_in                                           # x_W and h_W are 0; 100 z
    (array([0.]), array([50.]))
    >>> param_grads["x_b"].round(3)                    # 18 * 2 log 3 / 4; 100 * 1.2 / 4; 100 * 0.5 * (1 - 0.64)
    array([ 9.888, 30.   , 18.   ])
    >>> param_grads["h_b"].round(3)                    # the same, the same, 18 r
    array([ 9.888, 30.   ,  9.   ])
    """

    n_gates = 3

    def mix(self, a: Array, q: Array, h: Array) -> tuple[Array]:
        (a_r, a_z, a_n), (q_r, q_z, q_n) = self.gates_of(a), self.gates_of(q)
        r, z = sigmoid(a_r + q_r), sigmoid(a_z + q_z)
        n = np.tanh(a_n + r * q_n)
        self.gates = r, z, n, q_n
        return (n + z * (h - n),)

    def unmix(self, g_out: Array) -> tuple[Array, Array, Array]:
        r, z, n, q_n = self.gates
        g_n = g_out * (1.0 - z) * (1.0 - n * n)
        g_r = g_n * q_n * (1.0 - r) * r
        g_z = g_out * (self.h - n) * (1.0 - z) * z
        return np.concatenate([g_r, g_z, g_n], -1), np.concatenate([g_r, g_z, g_n * r], -1), g_out * z
