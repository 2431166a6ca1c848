"""Long short-term memory: a second state that is only added to and scaled, so that gradients survive many steps."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.sigmoid import sigmoid
from layers.recurrent.cell import Cell


class LSTMCell(Cell):
    """One step of an LSTM: the cell state c keeps, the gates i, f, o decide what enters it, stays in it and shows.

    Equation:  a = x x_W^T + x_b + h h_W^T + h_b, in four parts, for i, f, g and o
               i = sigmoid(a_i), f = sigmoid(a_f), g = tanh(a_g), o = sigmoid(a_o)
               c' = f c + i g, h' = o tanh(c')
               s = g_c' + g_h' o (1 - tanh(c')^2)      (all that comes back to c', by both ways out)
               g_a_i = s g (1 - i) i, g_a_f = s c (1 - f) f, g_a_g = s i (1 - g^2)
               g_a_o = g_h' tanh(c') (1 - o) o
               g_x = g_a x_W, g_h = g_a h_W, g_c = s f (from step to step: a product of f alone, no matrix)
               dJ/dx_W = g_a^T x, dJ/dh_W = g_a^T h, dJ/dx_b = dJ/dh_b = g_a          (summed over the batch)
    Shapes:    x_in = (x (..., n_in), h (..., n_hidden), c (..., n_hidden)), x_out = (h', c'), x_W (4 n_hidden, n_in),
               h_W (4 n_hidden, n_hidden), x_b and h_b (4 n_hidden,): PyTorch's, in its order i, f, g, o
    Raises:    ShapeError if x_in is not three arrays of these shapes; DtypeError if float32 meets float64
    Source:    Hochreiter and Schmidhuber 1997; the forget gate is that of Gers et al. 2000

    >>> c = 2 * np.log(3.0) - 0.8
    >>> cell = LSTMCell.from_arrays(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4), [0.0, 0.0, np.log(3.0), 0.0])
    >>> h_new, c_new = cell.forward(([1.0], [0.0], [c]))        # i = f = o = 1/2, g = 0.8: c' = c/2 + 0.4 = log 3
    >>> h_new.round(12)                                # o tanh(log 3) = 0.5 * 0.8
    array([0.4])
    >>> (g_x, g_h, g_c), param_grads = cell.backward(([100.0], [0.0]))
    >>> g_c.round(12)                                  # s = 100 * 0.5 * (1 - 0.64) = 18; s f
    array([9.])
    >>> param_grads["h_b"][[0, 2, 3]].round(12)        # 18 * 0.8 / 4, 18 * 0.5 * (1 - 0.64), 100 * 0.8 / 4
    array([ 3.6 ,  3.24, 20.  ])
    >>> (param_grads["h_b"][1] / c).round(12)          # 18 / 4
    np.float64(4.5)
    """

    n_gates = 4
    n_states = 2

    def mix(self, a: Array, r: Array, h: Array, c: Array) -> tuple[Array, Array]:
        i, f, g, o = self.gates_of(a + r)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c_new = f * c + i * g
        self.c, self.gates, self.shown = c, (i, f, g, o), np.tanh(c_new)
        return o * self.shown, c_new

    def unmix(self, g_h: Array, g_c: Array) -> tuple[Array, Array, float, Array]:
        i, f, g, o = self.gates
        s = g_c + g_h * o * (1.0 - self.shown * self.shown)
        g_a = np.concatenate(
            [
                s * g * (1.0 - i) * i,
                s * self.c * (1.0 - f) * f,
                s * i * (1.0 - g * g),
                g_h * self.shown * (1.0 - o) * o,
            ],
            axis=-1,
        )
        return g_a, g_a, 0.0, s * f
