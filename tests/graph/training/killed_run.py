"""The process that test_kill kills: trains with a checkpoint, says when it starts, and at the end how it ended."""

import hashlib
import json
import sys

import numpy as np

from graph import Adam, Sequential, fit
from graph.training import checkpoint
from layers import BatchNorm, Dropout, Linear, ReLU
from losses import SoftmaxCrossEntropy


class CountingLoss(SoftmaxCrossEntropy):
    """Counts the steps this process has made."""

    steps = 0

    def backward(self, g_out=None):
        self.steps += 1
        return super().backward(g_out)


def main(path):
    checkpoint.SHARE, checkpoint.FIRST_PAUSE = 1.0, 0.0  # half of the time goes into writing: kills will hit it
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(500, 8)), rng.integers(0, 3, 500)
    model = Sequential(Linear(8, 16, rng=0), BatchNorm(16), ReLU(), Dropout(0.3, rng=2), Linear(16, 3, rng=1))
    loss = CountingLoss()
    print("ready", flush=True)
    curve = fit(
        model,
        loss,
        x,
        y,
        epochs=30,
        batch_size=10,
        lr=0.01,
        optimizer=Adam(),
        validation=(x, y),
        progress=False,
        checkpoint=path,
        resume=True,
    )
    end = hashlib.sha256()
    for a in (*model.params.values(), *model.state().values()):
        end.update(a.tobytes())
    for name in checkpoint.CURVE:
        end.update(np.array(getattr(curve, name), np.float64).tobytes())
    print(json.dumps({"end": end.hexdigest(), "steps": loss.steps, "of": len(curve.steps)}))


if __name__ == "__main__":
    main(sys.argv[1])
