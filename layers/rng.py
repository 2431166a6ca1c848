"""Randomness only through `rng`: a seed or a generator, and the generator's state as an array that can be kept."""

from __future__ import annotations

import json

import numpy as np

Seed = int | np.random.Generator | None


def generator(rng: Seed) -> np.random.Generator:
    """The generator for `rng`: an int is a seed, a Generator is itself, None is a fresh unpredictable one.

    >>> float(generator(0).random()) == float(generator(0).random())
    True
    """
    if rng is not None and (isinstance(rng, bool) or not isinstance(rng, (int, np.integer, np.random.Generator))):
        raise TypeError(f"rng must be an int seed or a numpy.random.Generator, got {rng!r}")
    return np.random.default_rng(rng)


def state_of(rng: np.random.Generator) -> np.ndarray:
    """The generator's state as an array of bytes (JSON inside, no pickle)."""
    text = json.dumps(rng.bit_generator.state, default=lambda array: array.tolist())
    return np.frombuffer(text.encode(), dtype=np.uint8).copy()


def set_state(rng: np.random.Generator, state: np.ndarray) -> None:
    """Put the generator where `state_of` found it; refuses a state of another kind of generator."""
    rng.bit_generator.state = json.loads(bytes(np.asarray(state, dtype=np.uint8)).decode())
