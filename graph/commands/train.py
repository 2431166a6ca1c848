"""Train a classifier and watch the loss curve fall.

DATA is one of
  digits      1,797 scans of hand-written digits, 8 x 8 pixels (needs scikit-learn)
  spiral      three arms wound round each other, made on the spot
  moons       two half circles hooked into one another
  xor         four corners of a square, opposite ones alike
  FILE.npz    arrays x (datapoints in rows) and y (their classes, whole numbers)
  FILE.csv    numbers, the class in the last column; a header is optional

A fifth of the data is held out for the test, always the same fifth. Into --out go loss_curve.png, loss_curve.csv and
model.npz; the saved model takes the data as it stands in your file (digits: pixels divided by 16).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from graph.commands import CommandError
from graph.commands.arguments import number, sizes, whole

if TYPE_CHECKING:
    from graph.data import Dataset
    from layers import Layer
    from losses import LossCurve

LEARNING_RATES = {"sgd": 0.1, "momentum": 0.02, "nesterov": 0.02, "rmsprop": 1e-3, "adam": 2e-3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `layerwise train` may be told."""
    rates = ", ".join(f"{name} {lr:g}" for name, lr in LEARNING_RATES.items())
    add = parser.add_argument
    add("data", metavar="DATA", help="see above")
    add("--model", choices=("mlp", "conv"), default="mlp", help="conv is for images (default: %(default)s)")
    add("--hidden", type=sizes, default=(128, 64), metavar="N,N", help="widths of the hidden layers (default: 128,64)")
    add("--epochs", type=whole(0), default=40, metavar="N", help="passes over the data (default: %(default)s)")
    add("--batch-size", type=whole(1), default=32, metavar="N", help="datapoints a step (default: %(default)s)")
    add("--lr", type=number(above=0), metavar="X", help=f"learning rate (default: {rates})")
    add("--optimizer", choices=tuple(LEARNING_RATES), default="adam", help="default: %(default)s")
    add("--loss", choices=("softmax", "svm"), default="softmax", help="cross-entropy or hinge (default: %(default)s)")
    add("--penalty", type=number(at_least=0), default=0.0, metavar="X", help="strength of sum of W^2 (default: 0)")
    add("--seed", type=whole(0), default=0, metavar="N", help="first weights and order (default: %(default)s)")
    add("--dtype", choices=("float64", "float32"), default="float64", help="default: %(default)s")
    add("--out", type=Path, metavar="FOLDER", help="where the files go (default: runs/DATA)")
    add("--quiet", action="store_true", help="no progress and no report, only the files")


def run(args: argparse.Namespace) -> int:
    """Train, report, write the files."""
    import numpy as np

    from graph import save
    from graph.commands.models import MODELS, take_raw
    from graph.data import DataError, load
    from losses import SoftmaxCrossEntropy, SVMLoss

    try:
        data = load(args.data)
    except DataError as error:
        raise CommandError(str(error)) from None
    out = _folder(args)
    model = MODELS[args.model](data, args.hidden, np.random.default_rng(args.seed), args.dtype)
    loss = SoftmaxCrossEntropy() if args.loss == "softmax" else SVMLoss()
    say = (lambda text: None) if args.quiet else print
    say(f"{args.data}: {len(data.x)} datapoints to train on, {len(data.x_test)} to test, {len(data.classes)} classes")

    start = time.perf_counter()
    try:
        curve = _fit(args, model, loss, data)
    except FloatingPointError as error:
        print(f"{args.prog}: {error}", file=sys.stderr)
        return 1
    say(f"trained {args.epochs} epochs in {time.perf_counter() - start:.1f} s")
    for name, x, y in (("train", data.x, data.y), ("test ", data.x_test, data.y_test)):
        y_hat = model.predict(x)
        say(f"{name} loss {loss.forward(y_hat, y):.4f}, accuracy {(y_hat.argmax(-1) == y).mean():.2%}")

    take_raw(model, data)
    curve.plot(out / "loss_curve.png")
    curve.save(out / "loss_curve.csv")
    save(model, out / "model.npz")
    say(f"wrote loss_curve.png, loss_curve.csv and model.npz into {out}")
    return 0


def _fit(args: argparse.Namespace, model: Layer, loss: Layer, data: Dataset) -> LossCurve:
    from graph import Adam, Momentum, RMSProp, fit
    from losses import L2Penalty

    optimizers = {
        "sgd": None,
        "momentum": Momentum(0.9),
        "nesterov": Momentum(0.9, nesterov=True),
        "rmsprop": RMSProp(),
        "adam": Adam(),
    }
    return fit(
        model,
        loss,
        data.x.astype(args.dtype),
        data.y,
        epochs=args.epochs,
        batch_size=args.batch_size,
        lr=args.lr or LEARNING_RATES[args.optimizer],
        optimizer=optimizers[args.optimizer],
        penalty=L2Penalty(args.penalty) if args.penalty else None,
        validation=(data.x_test.astype(args.dtype), data.y_test),
        rng=args.seed,
        progress=not args.quiet,
    )


def _folder(args: argparse.Namespace) -> Path:
    """The folder to write into, made before the training and not found missing after it."""
    out = args.out or Path("runs", Path(args.data).stem)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"--out {out}: {error.strerror}") from None
    return out
