"""One of torch's samples run by both: output, gradient of the input, of every parameter, running statistics."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from layers.recurrent.unrolled import wires
from losses import Loss
from tests.parity.answers import Answer

TOLERANCE = 1e-9


def infos() -> dict[str, Any]:
    """torch's own table of modules, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_modules import module_db
    return {info.name: info for info in module_db}


def samples(info: Any) -> Iterator[tuple[torch.nn.Module, tuple]]:
    """Each sample as a module with random parameters, and its inputs."""
    torch.manual_seed(0)
    found = info.module_inputs_func(info, device="cpu", dtype=torch.float64, requires_grad=False, training=True)
    for sample in found:
        made, given = sample.constructor_input, sample.forward_input
        module = info.module_cls(*made.args, **made.kwargs).to(torch.float64).train()
        with torch.no_grad():
            for theta in module.parameters():
                theta.normal_()
        bound = inspect.signature(module.forward).bind(*given.args, **given.kwargs)
        if given.kwargs:
            bound.apply_defaults()
        yield module, bound.args


def agree(module: torch.nn.Module, inputs: tuple, answer: Answer) -> None:
    """Raise AssertionError where our layer differs from torch's module by more than the tolerance."""
    layer = answer.layer_for(module, inputs)
    for ours, theirs in answer.params(arrays(dict(module.named_parameters())), module).items():
        layer.params[ours][...] = theirs.reshape(layer.params[ours].shape)

    xs = each(lambda x: x.detach().clone().requires_grad_(x.is_floating_point()), inputs)
    outs = answer.outputs(module(*xs))
    g_outs = [torch.randn_like(out) for out in outs]
    params = dict(module.named_parameters())
    leaves = [x for x in flat(xs) if x.requires_grad] + list(params.values())
    grads = dict(zip(map(id, leaves), torch.autograd.grad(outs, leaves, g_outs, allow_unused=True), strict=True))

    x_in = answer.inward(arrays(xs), module)
    x_in += answer.left_out(x_in, module)
    expected = answer.outward(arrays(outs), module)
    g_out = answer.outward(arrays(g_outs), module)
    g_expected = answer.inward(each(lambda x: numpy(grads.get(id(x))), xs), module)
    if isinstance(layer, Loss):
        times = answer.times(module, inputs)
        *y_hat, y = x_in
        x_out = [times * layer.forward(*(y_hat if len(y_hat) == 1 else (tuple(y_hat),)), y)]
        x_in = y_hat
        expected, g_out = ([x.reshape(np.shape(x_out[0])) for x in values] for values in (expected, g_out))
        g_out = [times * g_out[0]]
    else:
        x_out = wires(layer.forward(x_in[0] if len(x_in) == 1 else tuple(x_in)))
    g_in, param_grads = layer.backward(g_out[0] if len(g_out) == 1 else tuple(g_out))

    for i, pair in enumerate(zip(x_out, expected, strict=True)):
        close(f"x_out {i}", *pair)
    for i, (g, theirs) in enumerate(zip(wires(g_in), g_expected, strict=False)):  # torch may have fewer inputs
        if theirs is not None:
            close(f"g_in {i}", g, theirs)
    theirs = answer.params({name: numpy(grads[id(theta)]) for name, theta in params.items()}, module)
    if set(param_grads) != set(theirs):
        raise AssertionError(f"parameters {list(param_grads)} against {list(theirs)}")
    for name, g in param_grads.items():
        close(f"dJ/d{name}", g, theirs[name].reshape(g.shape))
    for name, value in layer.state().items():
        close(name, value, getattr(module, name).numpy())


def each(change: Callable, value: Any) -> Any:
    """`change` of every tensor in a tuple, a list or a dict; what is no tensor stays."""
    if isinstance(value, (tuple, list)):
        return type(value)(each(change, part) for part in value)
    if isinstance(value, dict):
        return {name: each(change, part) for name, part in value.items()}
    return change(value) if isinstance(value, torch.Tensor) else value


def flat(value: Any) -> list[torch.Tensor]:
    """The tensors of a tuple, in order."""
    found: list[torch.Tensor] = []
    each(found.append, value)
    return found


def arrays(value: Any) -> Any:
    """The same with arrays for tensors."""
    return each(numpy, value)


def numpy(x: torch.Tensor | None) -> np.ndarray | None:
    """A tensor as an array; no gradient is None."""
    return None if x is None else x.detach().numpy()


def close(name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Raise AssertionError unless the two are alike in shape and in value."""
    if np.shape(ours) != theirs.shape:
        raise AssertionError(f"{name} has shape {np.shape(ours)}, torch's {theirs.shape}")
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE, err_msg=name)
