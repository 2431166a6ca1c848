"""Show one pass of a small MLP step by step, as text and as a page to step through.

The text goes to the terminal; the page is one file that needs nothing else: open it in a browser and use the arrow
keys, the slider or the buttons.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from graph.commands import CommandError
from graph.commands.arguments import sizes, whole


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `layerwise steps` may be told."""
    add = parser.add_argument
    add("--sizes", type=sizes, default=(4, 3, 2), metavar="N,N,N", help="input, hidden, output (default: 4,3,2)")
    add("--batch", type=whole(1), default=3, metavar="N", help="datapoints (default: %(default)s)")
    add("--loss", choices=("softmax", "svm", "l2"), default="softmax", help="default: %(default)s")
    add("--seed", type=whole(0), default=0, metavar="N", help="weights and data (default: %(default)s)")
    add("--out", type=Path, default=Path("steps.html"), metavar="FILE", help="the page (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Trace, print, write."""
    from graph.views.examples import traced_mlp
    from losses import L2Loss, SoftmaxCrossEntropy, SVMLoss

    if len(args.sizes) < 2:
        raise CommandError("--sizes needs at least two widths, those of the input and of the output")
    loss = {"softmax": SoftmaxCrossEntropy, "svm": SVMLoss, "l2": L2Loss}[args.loss]()
    trace = traced_mlp(args.sizes, args.seed, args.batch, loss)
    print(trace)
    try:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        trace.save(args.out)
    except OSError as error:
        raise CommandError(f"cannot write {args.out}: {error.strerror}") from None
    print(f"\nwritten: {args.out}")
    return 0
