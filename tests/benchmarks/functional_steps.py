"""The same training step as a function of the parameters: JAX, compiled, and autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmarks.works import LR, Work


def jax_jit(work: Work, dtype: str) -> Callable[[], object] | None:
    """A compiled step of JAX, or None where JAX is not installed."""
    try:
        import jax
    except ImportError:
        return None
    if work.kind == "circuit":
        return None
    jax.config.update("jax_enable_x64", dtype == "float64")
    x, y = work.data(dtype)
    J_of = _cost(jax.numpy, jax.nn.relu, work, conv=_jax_conv)

    @jax.jit
    def move(params: Any) -> Any:
        J, grads = jax.value_and_grad(J_of)(params, x, y)
        return J, jax.tree.map(lambda theta, g: theta - LR * g, params, grads)

    held = [jax.tree.map(jax.numpy.asarray, _params(work, dtype))]

    def step() -> object:
        J, held[0] = move(held[0])
        return jax.block_until_ready(held[0]) and J

    return step


def autograd_tape(work: Work, dtype: str) -> Callable[[], object] | None:
    """A step of autograd, or None where it is not installed (and for convolution, which it has not)."""
    try:
        import autograd
        import autograd.numpy as anp
    except ImportError:
        return None
    if work.kind in ("conv", "circuit"):
        return None
    x, y = work.data(dtype)
    value_and_grad = autograd.value_and_grad(_cost(anp, lambda h: anp.maximum(h, 0), work))
    params = _params(work, dtype)

    def step() -> object:
        J, grads = value_and_grad(params, x, y)
        for (W, b), (dW, db) in zip(params, grads, strict=True):
            W -= LR * dW
            b -= LR * db
        return J

    return step


def _params(work: Work, dtype: str) -> list:
    return work.filters(dtype) + work.weights(dtype) if work.kind == "conv" else work.weights(dtype)


def _cost(np: Any, relu: Callable, work: Work, conv: Callable | None = None) -> Callable:
    """J(params, x, y): the network and softmax cross-entropy in the given numpy."""
    last_relu = work.kind == "mlp" and len(set(work.widths)) == 1

    def J(params: list, x: Any, y: Any) -> Any:
        h = x
        if work.kind == "conv":
            h, params = conv(h, params[:2]), params[2:]
        if work.kind == "residual":
            for (W1, b1), (W2, b2) in zip(params[:-1:2], params[1:-1:2], strict=True):
                h = h + np.dot(relu(np.dot(h, W1.T) + b1), W2.T) + b2
            params = params[-1:]
        for i, (W, b) in enumerate(params):
            h = np.dot(h, W.T) + b
            if i < len(params) - 1 or last_relu:
                h = relu(h)
        z = h - np.max(h, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[np.arange(len(y)), y])

    return J


def _jax_conv(h: Any, filters: list) -> Any:
    import jax

    for W, b in filters:
        h = jax.nn.relu(jax.lax.conv(h, W, (1, 1), "VALID") + b[:, None, None])
        h = jax.lax.reduce_window(h, -jax.numpy.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return h.reshape(len(h), -1)
