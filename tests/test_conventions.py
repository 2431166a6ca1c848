"""What differs between books stands in the repr, where one looks first, and in the docstring."""

import pytest

from graph import RMSProp
from layers import BatchNorm, Max, ReLU
from losses import BinaryCrossEntropy, L2Loss, L2Penalty, SVMLoss

SAID = [
    (ReLU(), "at_zero=0"),
    (ReLU(at_zero=1.0), "at_zero=1"),
    (Max(), "first"),
    (L2Loss(), "sum over features, no 1/2, mean over datapoints"),
    (SVMLoss(), "summed over the wrong classes"),
    (L2Penalty(0.1), "no 1/2, names ending in W only"),
    (BinaryCrossEntropy(), "logits"),
    (RMSProp(), "decay=0.99"),
    (BatchNorm(3), "channels on axis 1, unbiased running variance"),
]
EXPLAINED = {
    ReLU: ["at_zero at x = 0"],
    Max: ["first of the largest"],
    L2Loss: ["summed over features", "1/2"],
    SVMLoss: ["summed over the wrong classes"],
    L2Penalty: ["ends in W", "no 1/2"],
    BinaryCrossEntropy: ["logits"],
    RMSProp: ["decay 0.99"],
    BatchNorm: ["axis 1", "unbiased"],
}


@pytest.mark.parametrize(("thing", "words"), SAID, ids=lambda value: type(value).__name__)
def test_in_the_repr(thing, words):
    assert words in repr(thing)
    assert "\n" not in repr(thing)


@pytest.mark.parametrize("kind", EXPLAINED)
def test_in_the_docstring(kind):
    assert [words for words in EXPLAINED[kind] if words not in kind.__doc__] == []
