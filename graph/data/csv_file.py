"""FILE.csv: numbers separated by commas, one datapoint a line, its class in the last column."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import numpy as np

from graph.data.dataset import DataError


def read_csv(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of finite numbers, and their classes. A first line whose last field is a word is a header."""
    rows: list[list[float]] = []
    n_columns = None
    try:
        for line, fields in _lines(path):
            place = f"{path}, line {line}"
            if n_columns is None:
                n_columns = len(fields)
                if n_columns < 2:
                    raise DataError(f"{place}: expected columns separated by commas, the class last; got one column")
                if _is_word(fields[-1]):
                    continue
            if len(fields) != n_columns:
                raise DataError(f"{place}: expected {n_columns} columns as above, got {len(fields)}")
            rows.append([_number(field, f"{place}, column {j}") for j, field in enumerate(fields, start=1)])
            if not rows[-1][-1].is_integer():
                raise DataError(f"{place}: the last column must be a whole number, a class, got {fields[-1].strip()}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: is no text with commas ({error})") from None
    if not rows:
        raise DataError(f"{path}: holds no row of numbers")
    table = np.array(rows)
    return table[:, :-1], table[:, -1]


def _lines(path: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and fields, empty lines left out."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        for fields in reader:
            if any(field.strip() for field in fields):
                yield reader.line_num, fields


def _is_word(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return bool(field.strip())
    return False


def _number(field: str, place: str) -> float:
    try:
        value = float(field)
    except ValueError:
        raise DataError(f"{place}: expected a number, got {field.strip() or 'nothing'}") from None
    if not np.isfinite(value):
        raise DataError(f"{place}: expected a finite number, got {field.strip()}")
    return value
