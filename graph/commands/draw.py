"""Draw a circuit or a network, values above the wires and gradients below.

WHAT is one of
  circuit     (x + y) z with the course notes' numbers
  neuron      a neuron with a sigmoid, taken apart into gates
  patterns    what add, max and multiply do to a gradient
  mlp         linear layers and ReLUs (--sizes)
  residual    a chain of residual blocks
  rnn         a recurrent network, unrolled in time
"""

from __future__ import annotations

import argparse
from pathlib import Path

from graph.commands import CommandError
from graph.commands.arguments import sizes, whole

DRAWINGS = ("circuit", "neuron", "patterns", "mlp", "residual", "rnn")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `layerwise draw` may be told."""
    add = parser.add_argument
    add("what", metavar="WHAT", nargs="?", choices=DRAWINGS, default="circuit", help="see above (default: %(default)s)")
    add("--sizes", type=sizes, default=(4, 3, 2), metavar="N,N,N", help="of the mlp (default: 4,3,2)")
    add("--blocks", type=whole(1), default=3, metavar="N", help="of the residual net (default: %(default)s)")
    add("--steps", type=whole(1), default=4, metavar="N", help="of the rnn (default: %(default)s)")
    add("--seed", type=whole(0), default=0, metavar="N", help="weights and data (default: %(default)s)")
    add("--out", type=Path, metavar="FILE", help="png, svg or pdf (default: WHAT.png)")


def run(args: argparse.Namespace) -> int:
    """Draw, write."""
    from graph.views import examples
    from graph.views.draw import draw

    if len(args.sizes) < 2:
        raise CommandError("--sizes needs at least two widths, those of the input and of the output")
    make = getattr(examples, args.what if args.what != "mlp" else "traced_mlp")
    more = {
        "mlp": (args.sizes, args.seed),
        "residual": (args.blocks, 4, args.seed),
        "rnn": (args.steps, 3, 4, args.seed),
    }
    out = args.out or Path(f"{args.what}.png")
    figure = draw(make(*more.get(args.what, ())))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(out)
    except (OSError, ValueError) as error:  # ValueError: a format that matplotlib does not write
        raise CommandError(f"cannot write {out}: {error}") from None
    print(f"written: {out}")
    return 0
