"""One of torch's samples run by both: output, gradient of the input, of every parameter, running statistics."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

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
        yield module, (*given.args, *given.kwargs.values())


def agree(module: torch.nn.Module, inputs: tuple, answer: Answer) -> None:
    """Raise AssertionError where our layer differs from torch's module by more than the tolerance."""
    layer = answer.build(module)
    for ours, theirs in answer.names.items():
        if ours in layer.params:
            layer.params[ours][...] = getattr(module, theirs).detach().numpy().reshape(layer.params[ours].shape)

    xs = [x.detach().clone().requires_grad_(x.is_floating_point()) for x in inputs]
    out = module(*xs)
    g_out = torch.randn_like(out)
    params = dict(module.named_parameters())
    leaves = [x for x in xs if x.requires_grad] + list(params.values())
    grads = dict(zip(map(id, leaves), torch.autograd.grad(out, leaves, g_out, allow_unused=True), strict=True))

    x_in = [answer.enter(x.detach().numpy(), module) for x in xs]
    times = answer.times(module, inputs)
    if isinstance(layer, Loss):
        *y_hat, y = x_in
        x_out = layer.forward(*(y_hat if len(y_hat) == 1 else (tuple(y_hat),)), y)
        x_in, g = y_hat, times * g_out.numpy().reshape(np.shape(x_out))
        close("J", times * x_out, out.detach().numpy().reshape(np.shape(x_out)))
    else:
        x_out = layer.forward(x_in[0] if len(x_in) == 1 else tuple(x_in))
        g = answer.leave(g_out.numpy(), module)
        close("x_out", x_out, answer.leave(out.detach().numpy(), module))
    g_in, param_grads = layer.backward(g)

    for i, (g, x) in enumerate(zip(g_in if type(g_in) is tuple else (g_in,), xs[: len(x_in)], strict=True)):
        if x.requires_grad:
            close(f"g_in {i}", g, answer.enter(grads[id(x)].numpy(), module))
    if len(param_grads) != len(params):
        raise AssertionError(f"parameters {list(param_grads)} against {list(params)}")
    for name, g in param_grads.items():
        close(f"dJ/d{name}", g, grads[id(params[answer.names[name]])].numpy().reshape(g.shape))
    for name, value in layer.state().items():
        close(name, value, getattr(module, name).numpy())


def close(name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Raise AssertionError unless the two are alike in shape and in value."""
    if np.shape(ours) != theirs.shape:
        raise AssertionError(f"{name} has shape {np.shape(ours)}, torch's {theirs.shape}")
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE, err_msg=name)
