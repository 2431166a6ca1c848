"""Layers that break one law each, beside those of the gallery, and what check_layer finds."""

import numpy as np

from graph import check_layer
from graph.checking.broken_layers import Affine, Pointwise


def failures(layer, x_in, **options):
    return [(finding.law, str(finding)) for finding in check_layer(layer, x_in, **options).failures]


class Fails(Pointwise):
    def forward(self, x_in):
        raise RuntimeError("no power")


class FailsBack(Pointwise):
    def forward(self, x_in):
        return x_in

    def backward(self, g_out):
        return g_out @ np.ones((7, 2)), {}


class OneReturn(FailsBack):
    def backward(self, g_out):
        return g_out


class Whole(FailsBack):
    def forward(self, x_in):
        return (x_in > 0).astype(int)


class WritesInput(FailsBack):
    def forward(self, x_in):
        x_in *= 2
        return x_in.copy()

    def backward(self, g_out):
        return 2 * g_out, {}


class WritesMemory(FailsBack):
    def forward(self, x_in):
        self.x_in = x_in
        return x_in**2

    def backward(self, g_out):
        self.x_in *= 2
        return g_out * self.x_in, {}


class Forgets(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {"W": param_grads["W"]}


class Invents(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "c": param_grads["b"]}


class Transposed(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "W": param_grads["W"].T}


class Each(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "W": g_out[:, :, None] * self.x_in[:, None, :]}


class AcrossOutputs(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "b": g_out.sum(axis=1)}


class Column(Affine):
    def backward(self, g_out):
        g_in, param_grads = super().backward(g_out)
        return g_in, {**param_grads, "b": param_grads["b"][:, None]}


class Returns(Affine):
    def forward(self, x_in):
        self.x_in = x_in
        return self.params["b"]

    def backward(self, g_out):
        return 0 * self.x_in, {"W": 0 * self.params["W"], "b": g_out}


class Remembers(FailsBack):
    total = 0.0

    def forward(self, x_in):
        return x_in

    def backward(self, g_out):
        self.total = self.total + g_out
        return self.total, {}


class Ages(FailsBack):
    age = 0

    def forward(self, x_in):
        self.age += 1
        return x_in * self.age

    def backward(self, g_out):
        return g_out * self.age, {}


class ForwardMoves(Affine):
    def forward(self, x_in):
        self.params["W"] *= 0.9
        return super().forward(x_in)


class WrongSign(Affine):
    def update(self, param_grads, lr):
        for name, g in param_grads.items():
            if name in self.params:
                self.params[name] += lr * g


class Counts(FailsBack):
    def __init__(self):
        self.calls = np.zeros(())

    def forward(self, x_in):
        return 1 * x_in

    def backward(self, g_out):
        self.calls = self.calls + 1
        return g_out, {}

    def state(self):
        return {"calls": self.calls.copy()}

    def load_state(self, state):
        self.calls = state["calls"].copy()


class Shortcut(Affine):
    def backward_params(self, g_out):
        return {"W": g_out.T @ self.x_in, "b": g_out.mean(axis=0)}


class OwnTied(Affine):
    def tied(self):
        return type(self)(1)
