"""The transformer block: every place of a sequence looks at the others, then thinks by itself."""

from __future__ import annotations

from typing import Any

from graph.attention.block import Block
from graph.wiring.wire import Wire
from layers.base import Layer


class TransformerBlock(Block):
    """Self-attention, then an MLP at each place, each with a straight way round it.

    Equation:  a = x + attention(norm1(x)),  x_out = a + mlp(norm2(a)),  mlp(a) = act(a W_into^T + b) W_out^T + b
               norm_first=False: a = norm1(x + attention(x)),  x_out = norm2(a + mlp(a))
    Shapes:    x (N, T, d), x_out (N, T, d); padding=True: a second input keep (N, T) of booleans, False at padding
    Raises:    the layers' own errors, with the place in front
    Source:    Vaswani et al. 2017, the encoder's layer; with mask="causal" the layer of a language model

    `n_inner` is the width inside of the MLP, 4 d by default; `activation` a layer, ReLU() by default; `dropout` acts on
    what is added to the straight way; `mask` is the pattern of `Mask`.

    >>> block = TransformerBlock(2, 1, rng=0)
    >>> for name in ("attention.out.W", "mlp.out.W"):
    ...     block.params[name][...] = 0.0
    >>> block.forward([[[1.0, 2.0]]])                  # nothing is added: the straight way alone
    array([[[1., 2.]]])
    >>> block.backward([[[5.0, 7.0]]])[0]
    array([[[5., 7.]]])
    """

    def _wire(self, x: Wire, activation: Layer, mask: Any, padding: bool) -> Wire:
        attention, mlp = self._attention(mask, padding), self._mlp(activation)
        keep = (self.input("keep"),) if padding else ()
        a = self._step(x, 1, lambda h: self.add(attention, h, h, h, *keep, name="attention"))
        return self._step(a, 2, lambda h: self.add(mlp, h, name="mlp"))
