"""The archive: named arrays in one .npz file, never pickle, written whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from layers.base import Array
from layers.errors import DtypeError, ParameterNameError, ShapeError

KIND = "layerwise"  # the entry that says what is in a file
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, KeyError, RuntimeError, SyntaxError, MemoryError)


def write_archive(path: str | os.PathLike, kind: str, arrays: Mapping[str, Any]) -> None:
    """Write `arrays` to exactly `path`: into a file beside it, to the disk, then in its place in one go.

    Until the new file is whole the old one stays as it is, whatever happens. The same arrays give the same bytes.
    """
    target = os.path.realpath(path)
    beside = temporary(target)
    try:
        with open(beside, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                for name, value in {KIND: kind, **arrays}.items():
                    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, np.asanyarray(value), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
        sync_folder(os.path.dirname(target))
    except OSError as error:
        raise OSError(error.errno, f"cannot write the {kind}: {error.strerror}", os.fspath(path)) from error
    finally:
        if os.path.exists(beside):
            os.unlink(beside)


def check_writable(path: str | os.PathLike, kind: str) -> None:
    """Raise the OSError that writing `path` would end in, as far as that can be known."""
    target = os.path.realpath(path)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(21, "it is a folder")
        with open(temporary(target), "wb"):
            pass
        os.unlink(temporary(target))
    except OSError as error:
        raise OSError(error.errno, f"cannot write the {kind}: {error.strerror}", os.fspath(path)) from error


def read_archive(path: str | os.PathLike, kind: str) -> dict[str, Array]:
    """All arrays of a file that `write_archive` has written, or a ValueError that names the file."""
    arrays = {}
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    member = io.BytesIO(archive.read(name))  # the whole of it: so its checksum is looked at
                    arrays[name.removesuffix(".npy")] = np.lib.format.read_array(member, allow_pickle=False)
        except BROKEN as error:
            raise ValueError(f'"{os.fspath(path)}" is not a whole {kind} file: {error}') from error
    if str(arrays.pop(KIND, "")) != kind:
        raise ValueError(f'"{os.fspath(path)}" is not a {kind} file of layerwise: it has no mark that says so')
    return arrays


def part(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The entries under "prefix/", without it.

    >>> part({"params/0.W": 1, "state/0.mean": 2}, "params")
    {'0.W': 1}
    """
    return {name.removeprefix(f"{prefix}/"): a for name, a in arrays.items() if name.startswith(f"{prefix}/")}


def under(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The entries with "prefix/" in front of their names."""
    return {f"{prefix}/{name}": a for name, a in arrays.items()}


def check_alike(path: str | os.PathLike, found: Mapping[str, Array], expected: Mapping[str, Array]) -> None:
    """The arrays found in a file are those expected: the same names, and for each name shape and dtype."""
    where = f'"{os.fspath(path)}"'
    check_names(path, found, expected, "parameter")
    for name, a in expected.items():
        if found[name].shape != a.shape:
            raise ShapeError(f"{name} must be {a.shape} for this model, got {found[name].shape}", where)
        if found[name].dtype != a.dtype:
            raise DtypeError(f"{name} must be {a.dtype} for this model, got {found[name].dtype}", where)


def check_names(path: str | os.PathLike, found: Mapping[str, Any], expected: Mapping[str, Any], what: str) -> None:
    """The names found in a file are those expected."""
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    if missing or unknown:
        told = [f"it lacks {', '.join(missing)}"] * bool(missing)
        told += [f"this model has no {what} {', '.join(unknown)}"] * bool(unknown)
        raise ParameterNameError(f"is of another model: {'; '.join(told)}", f'"{os.fspath(path)}"')


@contextmanager
def naming(path: str | os.PathLike) -> Iterator[None]:
    """Errors about what a file holds, with the file's name in front."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f'"{os.fspath(path)}": {error}') from error


def temporary(target: str) -> str:
    """The file beside `target` that is written first; always the same, so a killed process leaves one at most."""
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name}.tmp")


def sync_folder(folder: str) -> None:
    """Have the new name on the disk too, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
