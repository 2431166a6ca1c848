"""The command `layerwise`: finds the command that was asked for, runs it, turns what goes wrong into one line."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from graph.commands import COMMANDS, CommandError

DESCRIPTION = "Backpropagation one can take apart: explicit layers on numpy, forward and backward."
EXAMPLES = """examples:
  layerwise train digits                      an MLP on 1,797 scans of digits; a second or two
  layerwise train spiral --hidden 32,32       data made on the spot; also moons and xor
  layerwise train mine.csv --optimizer sgd    your own numbers, the class in the last column

`layerwise COMMAND --help` tells the rest. `python -m graph` is the same command."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2, without the usage in front."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> Parser:
    """The parser of the whole command line, a part of it from each command's file."""
    top = Parser(
        prog="layerwise", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for name in COMMANDS:
        command = importlib.import_module(f"graph.commands.{name}")
        first, _, rest = command.__doc__.partition("\n")
        part = commands.add_parser(
            name,
            help=first.rstrip("."),
            description=f"{first}\n{rest}".rstrip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(part)
        part.set_defaults(run=command.run, prog=part.prog)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 for success, 1 for work that failed, 2 for a question ill put."""
    args = parser().parse_args(argv)
    try:
        return args.run(args)
    except CommandError as error:
        print(f"{args.prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{args.prog}: interrupted", file=sys.stderr)
        return 130
