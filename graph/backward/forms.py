"""The table of linear forms: what stands in the backward network for each layer that has run forward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import layers as kit
from graph.backward.local_jacobian import Adjoint, LocalJacobian
from graph.checking.function import leaves
from graph.parallel import Parallel
from graph.sequential import Sequential
from layers.base import Layer
from layers.errors import BackwardBeforeForwardError, label
from layers.pointwise.base import Pointwise, PointwiseByOutput


def transposed(layer: kit.Linear) -> kit.Linear:
    """The weights transposed, tied, without the bias."""
    form = layer.tied(transpose=True)
    form.params.pop("b", None)
    return form


def diagonal(layer: Layer) -> Layer:
    """What came back for a gradient of ones is the diagonal: activations have become parameters."""
    return kit.Gate(layer.backward(ones_for(layer))[0])


def elementwise(layer: Layer) -> Layer:
    """The gradient on a wire to each input, gated by what the gate does to it."""
    return joined(arms_of(layer))


def joined(arms: list[Layer]) -> Layer:
    """One g_out for all the arms, by a Branch."""
    plain = all(type(arm) is kit.Identity for arm in arms)
    return kit.Branch(len(arms)) if plain else Sequential(kit.Branch(len(arms)), Parallel(*arms))


def arms_of(layer: Layer) -> list[Layer]:
    """One linear layer for each input of a layer of several; their inputs are all the same g_out."""
    ones = ones_for(layer)
    parts = layer.backward(ones)[0]
    if kind_of(layer) not in ELEMENTWISE or any(part.shape != ones.shape for part in parts):
        return [LocalJacobian(layer, i) for i in range(len(parts))]
    plain = kind_of(layer) is kit.Add
    return [kit.Identity() if plain else kit.Gate(part) for part in parts]


def split(layer: kit.Merge) -> kit.Split:
    """Each input's stretch of the gradient, on a wire of its own."""
    (shape, _), ends = layer._sent, [0, *layer.ends]
    sizes = np.diff([*ends, shape[layer.axis]])
    return kit.Split(tuple(int(size) for size in sizes), layer.axis)


def reshaped(layer: Layer) -> Layer:
    """Back into the shape of x_in, where a batch was reshaped; else by the layer itself."""
    shape_in = layer.shape if type(layer) is kit.Flatten else layer.shape_in
    shape, _ = layer._sent
    batch = len(shape_in) > 1 and len(shape) > 1 and shape[:1] == shape_in[:1]
    return kit.Reshape(shape_in[1:]) if batch else Adjoint(layer)


def refused(layer: Layer) -> Layer:
    """Indices and booleans have no gradient."""
    raise TypeError(
        f"backward_network: {label(layer)} has no linear form: an input has no gradient (indices, booleans)"
    )


ELEMENTWISE = (kit.Add, kit.Subtract, kit.Multiply, kit.Divide, kit.Max, kit.Min)
DIAGONAL = (Pointwise, PointwiseByOutput, kit.ReLU, kit.PReLU, kit.Gate)
AFFINE = (
    *(kit.Select, kit.Sum, kit.Mean, kit.Pad, kit.ChannelShuffle, kit.PixelShuffle, kit.Upsample2d),
    *(kit.Conv1d, kit.Conv2d, kit.ConvTranspose1d, kit.ConvTranspose2d),
    *(kit.AvgPool1d, kit.AvgPool2d, kit.GlobalAvgPool2d, kit.AdaptiveAvgPool1d, kit.AdaptiveAvgPool2d),
)
FORMS: dict[type[Layer], Callable[[Any], Layer]] = {  # a layer without a line here gets a LocalJacobian
    kit.Linear: transposed,
    kit.Identity: lambda layer: kit.Identity(),
    kit.Shift: lambda layer: kit.Identity(),
    kit.Scale: lambda layer: kit.Scale(layer.a),
    kit.Negate: lambda layer: kit.Negate(),
    kit.Dropout: lambda layer: kit.Identity() if layer.mask is None else diagonal(layer),
    kit.Branch: lambda layer: kit.Add(),
    kit.Merge: split,
    kit.Split: lambda layer: kit.Merge(layer.axis),
    kit.Flatten: reshaped,
    kit.Reshape: reshaped,
    kit.Transpose: lambda layer: kit.Transpose(tuple(int(axis) for axis in np.argsort(layer.axes))),
    kit.Embedding: refused,
    **dict.fromkeys(ELEMENTWISE, elementwise),
    **dict.fromkeys(DIAGONAL, diagonal),
    **dict.fromkeys(AFFINE, Adjoint),
}


def kind_of(layer: Layer) -> type[Layer] | None:
    """The kind in the table that a layer is: of its class, with the very `backward` of that class."""
    backward = type(layer).backward
    return next((kind for kind in type(layer).__mro__ if kind in FORMS and kind.backward is backward), None)


def form_of(layer: Layer) -> Layer:
    """The linear layer whose forward(g_out) is layer.backward(g_out)[0], at the operating point of the layer."""
    kind = kind_of(layer)
    if kind is not None:
        ones_for(layer)
        return FORMS[kind](layer)
    if layer._sent is None:  # a layer of the reader's own, which does not say what it sent
        return LocalJacobian(layer)
    g_in = layer.backward(ones_for(layer))[0]
    if any(g is None for g in leaves(g_in)):
        refused(layer)
    return joined(arms_of(layer)) if type(g_in) is tuple and type(layer._sent) is tuple else LocalJacobian(layer)


def ones_for(layer: Layer) -> Any:
    """A gradient of ones, shaped like the x_out that was sent."""
    sent = layer._sent
    if sent is None:
        raise BackwardBeforeForwardError("backward_network needs a forward pass first: call forward(x_in)", repr(layer))
    return tuple(np.ones(*like) for like in sent) if type(sent) is list else np.ones(*sent)
