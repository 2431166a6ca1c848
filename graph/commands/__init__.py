"""The commands of `layerwise`: one file each, with `add_arguments(parser)` and `run(args) -> exit status`.

The first sentence of a command's file is its help, the rest stands under it. A new command is one file, and its
name here.
"""

from __future__ import annotations

COMMANDS = ("train", "steps", "draw", "check", "info")


class CommandError(Exception):
    """A command cannot do what was asked; the message is all that a user needs to see. Exit status 2."""
