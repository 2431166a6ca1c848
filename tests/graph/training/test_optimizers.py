"""Optimizers against their formulas written out, and against torch's."""

import numpy as np
import pytest

from graph import Adam, Clipped, Momentum, RMSProp, Sequential, clip_by_norm
from layers import Linear, ReLU
from losses import L2Loss


def momentum(g, t, memory, decay=0.8):
    memory["v"] = decay * memory.get("v", 0.0) + g
    return memory["v"]


def nesterov(g, t, memory, decay=0.8):
    return g + decay * momentum(g, t, memory)


def rmsprop(g, t, memory):
    memory["s"] = 0.99 * memory.get("s", 0.0) + 0.01 * g * g
    return g / (np.sqrt(memory["s"]) + 1e-8)


def adam(g, t, memory):
    memory["m"] = 0.9 * memory.get("m", 0.0) + 0.1 * g
    memory["v"] = 0.999 * memory.get("v", 0.0) + 0.001 * g * g
    return memory["m"] / (1 - 0.9**t) / (np.sqrt(memory["v"] / (1 - 0.999**t)) + 1e-8)


PAIRS = [
    (lambda: Momentum(0.8), momentum),
    (lambda: Momentum(0.8, nesterov=True), nesterov),
    (RMSProp, rmsprop),
    (Adam, adam),
]
EVERY = [make for make, _ in PAIRS] + [lambda: Adam(weight_decay=0.1), lambda: Clipped(Adam(), max_norm=0.5)]


@pytest.mark.parametrize(("make", "formula"), PAIRS)
def test_formula(make, formula):
    rng, optimizer, memories = np.random.default_rng(0), make(), {"a": {}, "b": {}}
    for t in range(1, 8):
        grads = {"a": rng.normal(size=(2, 3)), "b": rng.normal(size=())}
        direction = optimizer(grads)
        for name, g in grads.items():
            np.testing.assert_allclose(direction[name], formula(g, t, memories[name]), rtol=1e-12)


@pytest.mark.parametrize("make", EVERY)
def test_directions_are_fresh_and_gradients_untouched(make):
    optimizer, params = make(), {"W": np.ones((2, 2), np.float32)}
    g = np.array([[1.0, -2.0], [3.0, 0.5]], np.float32)
    g.setflags(write=False)
    first = optimizer({"W": g}, params)["W"]
    kept = first.copy()
    for _ in range(3):
        later = optimizer({"W": g}, params)["W"]
        later += 100.0
    np.testing.assert_array_equal(first, kept)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(params["W"], 1.0)


@pytest.mark.parametrize("make", EVERY)
def test_state_goes_on_where_it_was(make):
    rng, params = np.random.default_rng(0), {"0.W": np.ones((2, 3))}
    grads = [{"0.W": rng.normal(size=(2, 3))} for _ in range(6)]
    whole, first, second = make(), make(), make()
    expected = [whole(g, params) for g in grads][-1]
    for g in grads[:3]:
        first(g, params)
    state = first.state()
    second.load_state(state)
    for a in state.values():
        a[...] = 0  # the state was copied: this must not reach either optimizer
    got = [second(g, params) for g in grads[3:]][-1]
    np.testing.assert_array_equal(got["0.W"], expected["0.W"])


def test_state_of_another_optimizer_is_refused_and_changes_nothing():
    optimizer, other = Adam(), Momentum()
    optimizer({"W": np.ones(2)})
    other({"W": np.ones(2)})
    before = optimizer.state()
    with pytest.raises(ValueError, match="velocity"):
        optimizer.load_state(other.state())
    assert {k: v.tolist() for k, v in optimizer.state().items()} == {k: v.tolist() for k, v in before.items()}


def test_one_optimizer_serves_one_model():
    optimizer = Momentum()
    optimizer({"W": np.ones((2, 3))})
    with pytest.raises(ValueError, match=r"\(2, 3\) as before, got \(3,\)"):
        optimizer({"W": np.ones(3)})


def test_decay_needs_the_parameters():
    with pytest.raises(TypeError, match="params"):
        Adam(weight_decay=0.1)({"W": np.ones(2)})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Momentum(1.0),
        lambda: Momentum(-0.1),
        lambda: Momentum("0.9"),
        lambda: RMSProp(float("nan")),
        lambda: RMSProp(eps=-1.0),
        lambda: Adam(beta2=1.5),
        lambda: Adam(weight_decay=-1.0),
        lambda: Clipped(Adam(), max_norm=0.0),
        lambda: clip_by_norm({}, float("nan")),
    ],
)
def test_bad_arguments(make):
    with pytest.raises((TypeError, ValueError), match="must be"):
        make()


@pytest.mark.parametrize("size", [1.0, 1e300, 1e-300])
def test_clipping_keeps_the_direction(size):
    grads = {"W": np.array([[3.0, 0.0]]) * size, "b": np.array([4.0]) * size}
    clipped = clip_by_norm(grads, size)
    np.testing.assert_allclose(clipped["W"] / size, [[0.6, 0.0]], rtol=1e-12)
    np.testing.assert_allclose(clipped["b"] / size, [0.8], rtol=1e-12)
    np.testing.assert_array_equal(clip_by_norm(grads, 6 * size)["W"], grads["W"])


@pytest.mark.parametrize("number", [float, np.float64, np.float32])
def test_numpy_numbers_are_numbers_and_float32_stays(number):
    grads = {"W": np.array([3.0, 4.0], np.float32)}
    half = number(0.5)
    for optimizer in (
        Momentum(half),
        RMSProp(half, eps=half),
        Adam(half, half, eps=half),
        Clipped(max_norm=half),
        lambda grads: clip_by_norm(grads, half),
    ):
        assert optimizer(grads)["W"].dtype == np.float32


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "clipped"])
def test_twenty_steps_like_torch(kind):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(16, 5))
    y = np.random.default_rng(1).normal(size=(16, 2))
    model = Sequential(Linear(5, 7, rng=0), ReLU(), Linear(7, 2, rng=1))
    theirs = [torch.tensor(theta, requires_grad=True) for theta in model.params.values()]
    lr = 0.01
    ours = {
        "sgd": None,
        "momentum": Momentum(0.9),
        "nesterov": Momentum(0.9, nesterov=True),
        "rmsprop": RMSProp(),
        "adam": Adam(),
        "adamw": Adam(weight_decay=0.1),
        "clipped": Clipped(Momentum(0.9), max_norm=0.7),
    }[kind]
    other = {
        "sgd": lambda: torch.optim.SGD(theirs, lr),
        "momentum": lambda: torch.optim.SGD(theirs, lr, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD(theirs, lr, momentum=0.9, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(theirs, lr),
        "adam": lambda: torch.optim.Adam(theirs, lr),
        "adamw": lambda: torch.optim.AdamW(theirs, lr, weight_decay=0.1),
        "clipped": lambda: torch.optim.SGD(theirs, lr, momentum=0.9),
    }[kind]()
    loss = L2Loss()
    for _ in range(20):
        loss.forward(model.forward(x), y)
        param_grads = model.backward_params(loss.backward()[0])
        model.update(param_grads if ours is None else ours(param_grads, model.params), lr)
        W0, b0, W1, b1 = theirs
        y_hat = torch.relu(torch.tensor(x) @ W0.T + b0) @ W1.T + b1
        other.zero_grad()
        ((y_hat - torch.tensor(y)) ** 2).sum(1).mean().backward()
        if kind == "clipped":  # torch divides by norm + 1e-6: clip by hand
            norm = torch.sqrt(sum((theta.grad**2).sum() for theta in theirs))
            for theta in theirs:
                theta.grad *= min(1.0, 0.7 / float(norm))
        other.step()
    for mine, their in zip(model.params.values(), theirs, strict=True):
        np.testing.assert_allclose(mine, their.detach().numpy(), rtol=1e-10, atol=1e-10)
