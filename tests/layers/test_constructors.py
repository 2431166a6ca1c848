"""Constructors: every size, number and dtype that will not do is refused, by its name. Annotations find them."""

import inspect

import numpy as np
import pytest

from graph.checking.kit import kit
from layers import RNNCell

NEEDED = {  # arguments without a default, by name
    "a": 2.0,
    "c": 1.0,
    "p": 0.5,
    "shape": 3,
    "index": 1,
    "sizes": (1, 2),
    "widths": ((1, 1),),
    "h": [1.0],
    "strength": 0.1,
    "n_channels": 4,
    "cell": RNNCell(2, 2, rng=0),
}
BAD = {
    "int": [None, "a", 2.5, float("nan"), True, [1, 2], 1j, -(2**40)],
    "float": [None, "a", float("nan"), float("inf"), [1.0, 2.0], 1j],
    "dtype": [int, complex, bool, object, "no such"],
}
ANY_SIGN = {"axis", "index", "ignore_index"}  # whole numbers that may be negative


def required_of(kind):
    parameters = inspect.signature(kind.__init__).parameters.values()
    return [p.name for p in parameters if p.default is p.empty and p.name != "self" and p.kind is not p.VAR_KEYWORD]


def annotated():
    """(kind, argument, bad values) for every int, float and dtype of every constructor of the kit."""
    for kind in kit():
        for name, parameter in inspect.signature(kind.__init__).parameters.items():
            annotation = str(parameter.annotation)
            bad = BAD.get("dtype" if name == "dtype" else annotation.split(" | ")[0], [])
            if "None" in annotation:
                bad = [value for value in bad if value is not None]
            if "tuple" in annotation:
                bad = [value for value in bad if not isinstance(value, list)]
            if name in ANY_SIGN:
                bad = [value for value in bad if value != -(2**40)]
            if bad:
                yield pytest.param(kind, name, bad, id=f"{kind.__name__}({name})")


@pytest.mark.parametrize(("kind", "name", "bad"), list(annotated()))
def test_what_will_not_do_is_refused_by_name(kind, name, bad):
    for value in bad:
        arguments = {key: NEEDED.get(key, 2) for key in required_of(kind)} | {name: value}
        with pytest.raises((TypeError, ValueError)) as raised:
            kind(**arguments)
        said = str(raised.value)
        assert kind.__name__ in said, value
        assert name in said, value


@pytest.mark.parametrize("kind", [kind for kind in kit() if "dtype" in inspect.signature(kind.__init__).parameters])
@pytest.mark.parametrize("dtype", ["float32", np.float32, np.dtype("f4")])
def test_a_dtype_of_floats_is_the_parameters(kind, dtype):
    layer = kind(**{key: NEEDED.get(key, 2) for key in required_of(kind)}, dtype=dtype)
    assert {theta.dtype for theta in layer.params.values()} <= {np.dtype("f4")}


def test_numpy_s_whole_numbers_are_whole_numbers():
    for kind in kit():
        parameters = inspect.signature(kind.__init__).parameters.values()
        sizes = [p.name for p in parameters if p.annotation == "int" and p.default is p.empty]
        required = required_of(kind)
        if sizes:
            layer = kind(**{key: NEEDED.get(key, 2) for key in required} | dict.fromkeys(sizes, np.int64(2)))
            assert "np.int64" not in repr(layer)
