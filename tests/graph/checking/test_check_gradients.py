"""check_gradients: what it accepts, what it catches, what it says."""

import numpy as np
import pytest

from graph import Graph, Residual, Sequential, check_gradients
from layers import Add, BackwardBeforeForwardError, Branch, Layer, Linear, ReLU, ShapeError
from losses import L2Loss, L2Penalty, SoftmaxCrossEntropy


class Doubled(ReLU):
    """The gradient is twice what it should be."""

    def backward(self, g_out):
        return 2 * super().backward(g_out)[0], {}


def test_a_chain_with_a_loss():
    rng = np.random.default_rng(0)
    model = Sequential(hidden=Linear(4, 3, rng=0), act=ReLU(), out=Linear(3, 2, rng=1))
    report = check_gradients(model, rng.normal(size=(5, 4)), SoftmaxCrossEntropy(), rng.integers(2, size=5))
    assert report.ok
    assert report.raise_if_bad() is report
    assert [entry.name for entry in report.entries] == ["x_in", "hidden.W", "hidden.b", "out.W", "out.b"]
    assert max(entry.relative_error for entry in report.entries) < 1e-6


@pytest.mark.parametrize("factor", [1.001, 0.5, -1.0])
def test_a_wrong_parameter_gradient_is_caught_where_it_is(factor):
    class Wrong(Linear):
        def backward(self, g_out):
            g_in, param_grads = super().backward(g_out)
            param_grads["W"][1, 2] *= factor
            return g_in, param_grads

    report = check_gradients(Wrong(4, 3, rng=0), np.random.default_rng(0).normal(size=(5, 4)))
    assert [entry.name for entry in report.entries if not entry.ok] == ["W"]
    assert report["W"].worst == (1, 2)
    assert "WRONG at (1, 2)" in repr(report)
    with pytest.raises(AssertionError, match=r"WRONG at \(1, 2\)"):
        report.raise_if_bad()


def test_small_gradients_are_not_excused():
    report = check_gradients(Doubled(), [1.0, 2.0], g_out=[1e-9, 1e-9])
    assert not report.ok


def test_several_inputs_graphs_and_penalties():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(x * y + x)
    report = check_gradients(g, (np.array([1.0, 2.0]), np.array([3.0, 4.0]))).raise_if_bad()
    assert [entry.name for entry in report.entries] == ["x", "y"]
    assert check_gradients(Branch(3), [1.0, 2.0]).ok
    assert check_gradients(Residual(Linear(3, 3, rng=0)), np.ones((2, 3))).ok
    report = check_gradients(L2Penalty(0.5), {"W": np.array([[1.0, 2.0]]), "b": np.array([1.0])})
    assert report.ok
    assert report.notes == ["b: no gradient (indices, or a target)"]


def test_large_arrays_are_sampled_the_same_way_every_time():
    layer, x = Linear(40, 30, rng=0), np.random.default_rng(0).normal(size=(2, 40))
    one, two = (check_gradients(layer, x, max_entries=50, rng=5) for _ in range(2))
    assert repr(one) == repr(two)
    assert "50 of 1200, sampled" in repr(one)
    assert one["W"].checked == 50
    other = check_gradients(layer, x, max_entries=50, rng=6)
    assert not np.array_equal(np.isnan(one["W"].numeric), np.isnan(other["W"].numeric))


def test_float32_has_a_tolerance_of_its_own_and_says_so():
    rng = np.random.default_rng(0)
    layer = Linear(4, 3, rng=0, dtype=np.float32)
    report = check_gradients(layer, rng.normal(size=(5, 4)).astype(np.float32))
    assert report.ok
    assert any(note.startswith("float32") for note in report.notes)
    assert not check_gradients(Doubled(), np.array([1.0, 2.0], np.float32)).ok


def test_whole_numbers_are_converted_and_it_is_said():
    report = check_gradients(ReLU(), np.array([1, -2, 3]))
    assert report.ok
    assert "converted to float64" in report.notes[0]


def test_a_gradient_of_the_wrong_shape_and_wrong_names_are_entries():
    class Wrong(Linear):
        def backward(self, g_out):
            _, param_grads = super().backward(g_out)
            return g_out, {"V": param_grads["W"]}

    report = check_gradients(Wrong(4, 3, rng=0), np.ones((5, 4)))
    assert not report.ok
    assert "must be (5, 4), got (5, 3)" in report["x_in"].problem
    assert "missing" in report["W"].problem
    assert "not in params" in report["V"].problem
    assert "got (5, 3)" in report._repr_html_()


def test_an_empty_batch_has_nothing_to_check():
    report = check_gradients(Linear(3, 2, rng=0), np.ones((0, 3)))
    assert report.ok
    assert report["x_in"].worst is None
    assert "nothing to check" in repr(report)


def test_nan_is_wrong():
    class Nan(ReLU):
        def backward(self, g_out):
            return np.full(np.shape(g_out), np.nan), {}

    assert not check_gradients(Nan(), [1.0]).ok


def test_the_table_is_escaped_and_brings_its_own_colours():
    class Tag(ReLU):
        def __repr__(self):
            return "<script>Tag</script>"

    html = check_gradients(Tag(), [1.0])._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "background:#ffffff" in html
    assert "color:#1a1a1a" in html


def test_arguments_are_checked():
    with pytest.raises(ShapeError, match="g_out must be shaped like x_out"):
        check_gradients(ReLU(), [1.0, 2.0], g_out=[1.0])
    with pytest.raises(ValueError, match="max_entries must be 1 or more, got 0"):
        check_gradients(ReLU(), [1.0], max_entries=0)
    with pytest.raises(ShapeError, match="x_in must be the tuple"):
        check_gradients(L2Loss(), [1.0])
    with pytest.raises(KeyError, match="no entry 'W'; there are x_in"):
        check_gradients(ReLU(), [1.0])["W"]


def test_everything_is_as_it_was():
    layer, x = Linear(3, 2, rng=0), np.ones((4, 3))
    x.flags.writeable = False
    W = layer.params["W"].copy()
    check_gradients(layer, x)
    np.testing.assert_array_equal(layer.params["W"], W)
    with pytest.raises(BackwardBeforeForwardError):
        layer.backward(np.ones((4, 2)))


def test_random_layers_draw_the_same_numbers_each_time():
    class Noise(Layer):
        def __init__(self):
            self.rng = np.random.default_rng(0)

        def forward(self, x_in):
            self.mask = self.rng.random(x_in.shape) < 0.5
            return x_in * self.mask

        def backward(self, g_out):
            return g_out * self.mask, {}

    layer = Noise()
    before = layer.rng.bit_generator.state
    assert check_gradients(layer, np.ones(20)).ok
    assert layer.rng.bit_generator.state == before


def test_wires_of_an_add():
    assert check_gradients(Add(), (np.ones((4, 3)), np.ones(3), 2.0)).ok
