"""The digits: 1,797 scans of hand-written numerals, 8 x 8 pixels each, that come with scikit-learn."""

from __future__ import annotations

from graph.data.dataset import DataError, Dataset, split


def digits() -> Dataset:
    """The scans as rows of 64 pixels between 0 and 1; nothing is downloaded."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise DataError("digits: needs scikit-learn: pip install 'layerwise[digits]'") from None
    scans = load_digits()
    return split("digits", scans.data / 16.0, scans.target, image_shape=(1, 8, 8))
