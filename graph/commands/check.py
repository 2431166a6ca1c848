"""Check layers against the whole contract.

Without LAYER: every layer and every loss of the kit. With it: a layer of your own, `module:Name`, where Name is an
instance, or a class with example(rng) -> (layer, x_in), or a class that needs no arguments; the last two of these say
with --input what shape x_in has (random numbers; the batch comes first). Shapes, dtype, purity, repeatability,
aliasing, gradients, errors, update, tied: of what is broken, it says what, probably why, and where to look.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any

from graph.commands import CommandError
from graph.commands.arguments import sizes, whole

if TYPE_CHECKING:
    from layers import Layer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `layerwise check` may be told."""
    add = parser.add_argument
    add("layer", metavar="LAYER", nargs="?", help="a layer of your own, module:Name (default: the whole kit)")
    add("--input", type=sizes, metavar="N,N", help="shape of x_in, separated by commas: 5,4 is a batch of five")
    add("--seed", type=whole(0), default=0, metavar="N", help="of the random numbers (default: %(default)s)")
    add("--strict", action="store_true", help="advice is a failure too; the kit is always checked strictly")


def run(args: argparse.Namespace) -> int:
    """Check, print, and return 1 if anything is wrong."""
    if args.layer is None:
        if args.input:
            raise CommandError("--input goes with a layer of your own: layerwise check module:Name --input 5,4")
        return _check_kit(args.seed)
    from graph import check_layer

    layer, x_in = _found(args.layer, args.input, args.seed)
    report = check_layer(layer, x_in, strict=args.strict, rng=args.seed)
    print(report)
    return 0 if report.ok else 1


def _check_kit(seed: int) -> int:
    from graph import check_layer
    from graph.checking.findings import LAWS
    from graph.checking.kit import kit, trials
    from graph.checking.tables import aligned

    rows, details = [["", *LAWS]], []
    for kind, layer, x_in in trials(kit(), seed):
        report = check_layer(layer, x_in, strict=True, rng=seed)
        rows.append([kind.__name__, *(report.verdict(law) for law in LAWS)])
        details += [f"{kind.__name__}: {finding.law}: {finding}" for finding in report.failures]
    print("\n".join(aligned(rows)))
    bad = sum("WRONG" in row for row in rows)
    print(f"{len(rows) - 1} layers and losses, " + (f"{bad} of them WRONG" if bad else "all ok"))
    print("\n".join(details), end="\n" if details else "")
    return 1 if bad else 0


def _found(place: str, shape: tuple[int, ...] | None, seed: int) -> tuple[Layer, Any]:
    """The layer at module:Name, and an input for it."""
    import numpy as np

    from layers import Layer

    module_name, colon, name = place.partition(":")
    if not (module_name and colon and name):
        raise CommandError(f"LAYER must be module:Name, like mymodule:MyLayer, got {place!r}")
    if os.getcwd() not in sys.path:  # a console script's path starts at the script, not where the user stands
        sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module_name), name)
    except ImportError as error:
        raise CommandError(f"cannot import {module_name}: {error}") from None
    except AttributeError:
        raise CommandError(f"{module_name} has no {name}") from None
    is_class = inspect.isclass(found)
    if not (issubclass(found, Layer) if is_class else isinstance(found, Layer)):
        raise CommandError(f"{place} must be a Layer (class MyLayer(Layer): ...), got {found!r}")
    if hasattr(found, "example") and shape is None:
        layer, x_in = found.example(seed)
        return (layer if is_class else found), x_in
    if shape is None:
        raise CommandError(f"{place} has no example(rng): say the shape of its input, like --input 5,4")
    try:
        layer = found() if is_class else found
    except TypeError as error:
        raise CommandError(f"{place} cannot be made without arguments ({error}): name an instance instead") from None
    return layer, np.random.default_rng(seed).normal(size=shape)
