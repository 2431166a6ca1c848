"""The decoder's block: a sequence that is being written looks at itself, and at another that is there already."""

from __future__ import annotations

from typing import Any

from graph.attention.block import Block
from graph.wiring.wire import Wire
from layers.base import Layer


class DecoderBlock(Block):
    """Self-attention, attention to a memory, then an MLP at each place, each with a straight way round it.

    Equation:  a = x + attention(norm1(x)),  c = a + cross(norm2(a), memory, memory),  x_out = c + mlp(norm3(c))
               norm_first=False: the normalization after each sum, as in TransformerBlock
    Shapes:    x (N, T, d), memory (N, T_m, d), x_out (N, T, d); padding=True: two more inputs, keep (N, T) and
               memory_keep (N, T_m) of booleans, False at padding
    Raises:    the layers' own errors, with the place in front
    Source:    Vaswani et al. 2017, the decoder's layer, with mask="causal"; `mask` is for the self-attention alone

    >>> block = DecoderBlock(2, 1, rng=0)
    >>> for name in ("attention.out.W", "cross.out.W", "mlp.out.W"):
    ...     block.params[name][...] = 0.0
    >>> block.forward([[[1.0, 2.0]]], [[[3.0, 4.0]]])  # nothing is added: the straight way alone
    array([[[1., 2.]]])
    >>> block.backward([[[5.0, 7.0]]])[0]              # and nothing comes back from the memory
    (array([[[5., 7.]]]), array([[[0., 0.]]]))
    """

    def _wire(self, x: Wire, activation: Layer, mask: Any, padding: bool) -> Wire:
        memory = self.input("memory")
        keep, memory_keep = ((self.input("keep"),), (self.input("memory_keep"),)) if padding else ((), ())
        attention, cross, mlp = self._attention(mask, padding), self._attention(None, padding), self._mlp(activation)
        a = self._step(x, 1, lambda h: self.add(attention, h, h, h, *keep, name="attention"))
        c = self._step(a, 2, lambda h: self.add(cross, h, memory, memory, *memory_keep, name="cross"))
        return self._step(c, 3, lambda h: self.add(mlp, h, name="mlp"))
