"""Answers for attention: torch stacks the weights of q, k and v, says True where a mask blocks, and puts time first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from graph import DecoderBlock, Graph, MultiHeadAttention, TransformerBlock
from layers import GELU, Layer, LayerNorm, ReLU
from tests.parity.answers import Answer


@dataclass(frozen=True)
class AttentionAnswer(Answer):
    """Where among torch's inputs the sequences stand, the mask that is our pattern, and the paddings."""

    sequences: tuple[int, ...] = (0,)
    pattern: int = 1
    paddings: tuple[int, ...] = (2,)

    def layer_for(self, module: Any, inputs: tuple) -> Layer:
        mask = inputs[self.pattern] if len(inputs) > self.pattern else None
        if mask is not None:
            mask = ~mask.numpy() if mask.ndim == 2 else ~mask[0].numpy()  # of three axes: the same for every head
        padding = any(len(inputs) > place and inputs[place] is not None for place in self.paddings)
        return self.build(module, mask=mask, padding=padding)

    def outputs(self, out: Any) -> list[Any]:
        return [out[0] if isinstance(out, tuple) else out]  # torch hands out the weights too: ours lie on a wire

    def inward(self, inputs: tuple, module: Any) -> list[Any]:
        xs = [in_batches(inputs[place], module) for place in self.sequences]
        keeps = [inputs[place] for place in self.paddings if len(inputs) > place]
        return xs + [~keep.reshape(-1, keep.shape[-1]) for keep in keeps if keep is not None]

    def outward(self, outs: list[np.ndarray], module: Any) -> list[np.ndarray]:
        return [in_batches(x, module) for x in outs]

    def params(self, theirs: Mapping[str, np.ndarray], module: Any) -> dict[str, np.ndarray]:
        return dict(renamed(theirs))


def in_batches(x: np.ndarray, module: Any) -> np.ndarray:
    """(T, d) and (T, N, d) as (N, T, d)."""
    stack = getattr(module, "encoder", module)
    layer = stack.layers[0] if hasattr(stack, "layers") else stack
    first = getattr(layer, "self_attn", layer)
    return x[None] if x.ndim == 2 else x if first.batch_first else x.swapaxes(0, 1)


PARTS = {
    "self_attn": "attention",
    "multihead_attn": "cross",
    "linear1": "mlp.into",
    "linear2": "mlp.out",
    "out_proj": "out",
    "weight": "W",
    "bias": "b",
}


def renamed(theirs: Mapping[str, np.ndarray]) -> Any:
    """torch's parameters under our names; the stacked ones come apart."""
    for name, theta in theirs.items():
        *places, last = name.split(".")
        place = "".join(f"{PARTS.get(part, part)}." for part in places if part != "layers")
        if last.startswith("in_proj_"):
            short = PARTS[last.removeprefix("in_proj_")]
            for part, rows in zip("qkv", np.split(theta, 3), strict=True):
                yield f"{place}{part}.{short}", rows
        elif "norm" in place:
            yield place + {"weight": "gamma", "bias": "beta"}[last], theta
        else:
            yield place + PARTS[last], theta


def heads(m: Any, **masks: Any) -> Layer:
    """The same sizes."""
    return MultiHeadAttention(m.embed_dim, m.num_heads, bias=m.in_proj_bias is not None, **masks)


def outside_heads(m: Any, inputs: tuple) -> str:
    """What our MultiHeadAttention does not do."""
    if m.bias_k is not None or m.add_zero_attn:
        return "add_bias_kv, add_zero_attn: a key that stands nowhere"
    return ""


def block(kind: type[Layer]) -> Any:
    """A block of the same sizes."""

    def build(m: Any, **masks: Any) -> Layer:
        gelu = m.activation is torch.nn.functional.gelu
        sizes = m.linear1.in_features, m.self_attn.num_heads, m.linear1.out_features
        options = {"norm_first": m.norm_first, "bias": m.linear1.bias is not None}
        return kind(*sizes, activation=GELU() if gelu else ReLU(), **options, **masks)

    return build


def stack(m: Any, kind: type[Layer] = TransformerBlock, **masks: Any) -> Graph:
    """Blocks one after the other, and the normalization after the last if there is one."""
    g = Graph()
    x, *more = (g.input(name) for name in inputs_of(block(kind)(m.layers[0], **masks)))
    for number, layer in enumerate(m.layers):
        x = g.add(block(kind)(layer, **masks), x, *more, name=str(number))
    if m.norm is not None:
        norm = LayerNorm(m.norm.normalized_shape, eps=m.norm.eps, bias=m.norm.bias is not None)
        x = g.add(norm, x, name="norm")
    g.output(x)
    return g


def inputs_of(graph: Graph) -> list[str]:
    """The names of its inputs."""
    return [wire.name for wire in graph.inputs]


def transformer(m: Any, **masks: Any) -> Graph:
    """Encoder and decoder: what the one makes of the source is the other's memory."""
    g = Graph()
    source, target = g.input("source"), g.input("target")
    keeps = [g.input(name) for name in ("source_keep", "keep", "memory_keep") if masks["padding"]]
    memory = g.add(stack(m.encoder, **masks), source, *keeps[:1], name="encoder")
    g.output(g.add(stack(m.decoder, DecoderBlock, **masks), target, memory, *keeps[1:], name="decoder"))
    return g


@dataclass(frozen=True)
class TransformerAnswer(AttentionAnswer):
    """In torch's samples the memory has no padding, even where the source has."""

    def left_out(self, x_in: list[Any], module: Any) -> list[Any]:
        return [np.ones_like(x_in[2])] if len(x_in) > 2 else []


def outside_decoder(m: Any, inputs: tuple) -> str:
    """What our DecoderBlock does not do."""
    return "memory_mask: a pattern for the memory" if len(inputs) > 3 and inputs[3] is not None else ""


ATTENTION = {
    "nn.MultiheadAttention": AttentionAnswer(
        heads, sequences=(0, 1, 2), pattern=5, paddings=(3,), outside=outside_heads
    ),
    "nn.TransformerEncoderLayer": AttentionAnswer(block(TransformerBlock)),
    "nn.TransformerDecoderLayer": AttentionAnswer(
        block(DecoderBlock), sequences=(0, 1), pattern=2, paddings=(4, 5), outside=outside_decoder
    ),
    "nn.TransformerEncoder": AttentionAnswer(stack),
    "nn.Transformer": TransformerAnswer(transformer, sequences=(0, 1), pattern=2, paddings=(5, 6)),
}
