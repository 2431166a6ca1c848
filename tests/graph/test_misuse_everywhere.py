"""Files that are no models, values that are no arrays, for every layer of the kit, and the places of deep errors."""

import numpy as np
import pytest

from graph import Sequential, load, save
from graph.checking.kit import kit
from graph.naming.places import walk
from layers import BackwardBeforeForwardError, Identity, ShapeError
from losses import L2Penalty
from tests.graph.misuses.files import FILES
from tests.graph.misuses.judged import assert_as_before, assert_same_answer, ran, rows, says, snapshot
from tests.graph.misuses.subjects import CHAIN, Own, X, nested


@pytest.mark.parametrize(("prepare", "make", "error", "words"), rows(FILES))
def test_load(prepare, make, error, words, tmp_path):
    path, model = prepare(tmp_path), make()
    before = snapshot(model)
    with pytest.raises(error) as caught:
        load(model, path)
    says(caught, error, words)
    assert_as_before(before, model)


def test_a_save_that_cannot_be_written(tmp_path):
    with pytest.raises(OSError, match=r"cannot write the model.*nowhere"):
        save(CHAIN, tmp_path / "nowhere" / "model.npz")


def called(layer, verb, junk):
    """The error of a call with something that is no array."""
    with pytest.raises((ValueError, TypeError)) as caught:
        getattr(layer, verb)(junk)
    return caught.value


RAGGED, COMPLEX = [[1.0], [1.0, 2.0]], np.ones(3) + 1j
JUNK = {"a word": "abc", "nothing": None, "an object": object(), "ragged": RAGGED, "complex": COMPLEX}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
@pytest.mark.parametrize("kind", [kind for kind in kit() if kind is not L2Penalty], ids=lambda kind: kind.__name__)
def test_no_layer_of_the_kit_takes_what_is_no_array(kind, junk):
    layer, x_in = kind.example(np.random.default_rng(0))
    function, g_outs, expected = ran(layer, x_in)
    before = snapshot(layer)
    if junk is not None or not function.spread:  # for a loss, None is ones
        assert repr(layer) in str(called(layer, "backward", junk))
        assert_same_answer(function, g_outs, expected)
    if not function.spread:
        assert repr(layer) in str(called(layer, "forward", junk))
        with pytest.raises(BackwardBeforeForwardError):
            function.backward(g_outs)
    assert_as_before(before, layer)


def test_a_readers_own_error_gets_its_place_as_a_note():
    model = Sequential(first=Identity(), second=Sequential(Own()))
    with pytest.raises(ValueError, match="matmul") as caught:
        model.forward(np.ones((5, 9)))
    says(caught, ValueError, ["raised in: Sequential", 'layer 1 ("second", Sequential)', "layer 0 (Own())"])


def test_every_place_of_a_deep_error_is_named_outermost_first():
    model = nested()
    for name, layer in walk(model):
        if name == "1.1.0.0":
            inner = layer
    inner.params["W"] = np.ones((4, 7))
    with pytest.raises(ShapeError) as caught:
        model.forward(X)
    text = str(caught.value)
    places = ["Sequential, layer 1 (Residual)", "layer 1 (Parallel)", "layer 0 (Sequential)", "layer 0 (Linear(7"]
    assert [text.find(place) for place in places] == sorted(text.find(place) for place in places)
    assert text.find(places[0]) == 0
    assert -1 not in [text.find(place) for place in places]
