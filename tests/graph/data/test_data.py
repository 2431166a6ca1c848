"""The data sets: sizes, the split that never changes, scaling, and every kind of file that cannot be read."""

import builtins
import pickle

import numpy as np
import pytest

from graph.data import DataError, load
from graph.data.dataset import split


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize(
    ("name", "n_train", "n_test", "n_in", "n_classes"),
    [("digits", 1438, 359, 64, 10), ("spiral", 720, 180, 2, 3), ("moons", 480, 120, 2, 2), ("xor", 320, 80, 2, 2)],
)
def test_named_data(name, n_train, n_test, n_in, n_classes):
    data = load(name)
    assert data.x.shape == (n_train, n_in)
    assert data.x_test.shape == (n_test, n_in)
    assert len(data.y) == n_train
    assert set(data.y) == set(data.y_test) == set(range(n_classes))
    again = load(name)
    np.testing.assert_array_equal(data.x_test, again.x_test)  # the same fifth is held out every time
    np.testing.assert_array_equal(data.x, again.x)


def test_digits_are_scaled_images():
    data = load("digits")
    assert data.x.min() == 0.0
    assert data.x.max() == 1.0
    assert data.image_shape == (1, 8, 8)


def test_the_split_neither_loses_nor_repeats_a_datapoint():
    x, y = np.arange(100.0).reshape(50, 2), np.arange(50) % 3
    data = split("demo", x, y)
    rows = np.concatenate([data.x, data.x_test])
    np.testing.assert_array_equal(rows[rows[:, 0].argsort()], x)
    np.testing.assert_array_equal(np.concatenate([data.y, data.y_test]), (rows[:, 0] / 2 % 3).astype(int))


def test_digits_without_scikit_learn_names_the_extra(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"pip install 'layerwise\[digits\]'"):
        load("digits")


def test_csv_with_and_without_header_and_with_a_byte_order_mark(tmp_path):
    rows = "1,2.5,3\r\n\r\n4,5e1,7\r\n 1 , 2,3\r\n2,2,7\r\n9,8,7\r\n"
    plain = load(written(tmp_path / "plain.csv", rows))
    for name, text in (("header.csv", "a,b,kind\n" + rows), ("numbered.csv", "0,1,kind\n" + rows)):
        other = load(written(tmp_path / name, text, "utf-8-sig"))
        np.testing.assert_array_equal(other.x, plain.x)
        np.testing.assert_array_equal(other.y, plain.y)
    assert plain.classes.tolist() == [3, 7]
    assert len(plain.x) + len(plain.x_test) == 5


def test_files_are_scaled_by_their_training_part(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal([5.0, -300.0, 0.0], [0.1, 40.0, 1.0], (200, 3))
    x[:, 2] = 0.3  # a feature that never changes must not be divided by its rounding errors
    np.savez(tmp_path / "d.npz", x=x, y=rng.integers(0, 2, 200))
    data = load(str(tmp_path / "d.npz"))
    np.testing.assert_allclose(data.x.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(data.x.std(0)[:2], 1)
    np.testing.assert_allclose(np.sort((data.x * data.scale + data.shift)[:, 0]), np.sort(_train_part(x)[:, 0]))


def _train_part(x):
    return split("same", x, np.arange(len(x))).x


def test_npz_of_images_becomes_rows(tmp_path):
    np.savez(tmp_path / "d.npz", x=np.arange(40, dtype=np.uint8).reshape(10, 2, 2), y=np.arange(10).reshape(10, 1) % 2)
    data = load(str(tmp_path / "d.npz"))
    assert data.x.shape == (8, 4)
    assert data.y.shape == (8,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2,0\n3,4,1\n5,6\n", "line 3: expected 3 columns as above, got 2"),
        ("a,b,c\n1,2,0\n3,4,1,9\n", "line 3: expected 3 columns as above, got 4"),
        ("1,2,0\n3,four,1\n", "line 2, column 2: expected a number, got four"),
        ("1,two,0\n3,4,1\n", "line 1, column 2: expected a number, got two"),
        ("a,b,c\n1,,0\n", "line 2, column 2: expected a number, got nothing"),
        ("1,2,0\n3,nan,1\n", "line 2, column 2: expected a finite number, got nan"),
        ("1,2,0\n3,1e999,1\n", "line 2, column 2: expected a finite number, got 1e999"),
        ("1,2,0\n3,4,0.5\n", "line 2: the last column must be a whole number, a class, got 0.5"),
        ("1,2,0\n3,4,0\n", "two classes or more, got 1 in 2 rows"),
        ("1;2;0\n3;4;1\n", "line 1: expected columns separated by commas, the class last; got one column"),
        ("a,b,c\n", "holds no row of numbers"),
        ("", "holds no row of numbers"),
        ("1,2,0\n3,4,\udcff\n", "is no text with commas"),
    ],
)
def test_csv_refused(tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError) as caught:
        load(str(path))
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


GOOD_X, GOOD_Y = np.arange(20.0).reshape(10, 2), np.arange(10) % 2
WITH_NAN = np.where(np.arange(20).reshape(10, 2) == 7, np.nan, GOOD_X)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": GOOD_X}, "must hold x and y, got x"),
        ({"x": GOOD_X, "y": GOOD_Y[:9]}, "x must be (N, features) and y (N,), got x (10, 2) and y (9,)"),
        ({"x": GOOD_X[:, 0], "y": GOOD_Y}, "got x (10,) and y (10,)"),
        ({"x": GOOD_X[:0], "y": GOOD_Y[:0]}, "got x (0, 2) and y (0,)"),
        ({"x": WITH_NAN, "y": GOOD_Y}, "x[3, 1] must be a finite number, got nan"),
        ({"x": GOOD_X.astype(str), "y": GOOD_Y}, "x must hold numbers, got <U32"),
        ({"x": GOOD_X, "y": GOOD_Y + 0.5}, "y[0] must be a whole number, a class, got 0.5"),
        ({"x": GOOD_X, "y": GOOD_Y * 0}, "two classes or more, got 1 in 10 rows"),
        ({"x": GOOD_X.astype(object), "y": GOOD_Y}, "holds Python objects, which are never opened"),
    ],
)
def test_npz_refused(tmp_path, arrays, message):
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)
    with pytest.raises(DataError) as caught:
        load(str(path))
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def truncated(path):
    np.savez(path, x=GOOD_X, y=GOOD_Y)
    path.write_bytes(path.read_bytes()[:-200])


def single_array(path):
    with path.open("wb") as file:
        np.save(file, GOOD_X)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.write_bytes(pickle.dumps({"x": GOOD_X, "y": GOOD_Y})), "Python objects"),
        (lambda path: path.write_bytes(b""), "is no .npz archive"),
        (lambda path: path.write_bytes(b"PK\x03\x04 and nothing after it"), "is no .npz archive"),
        (truncated, "is no .npz archive"),
        (single_array, "got one array without a name"),
        (lambda path: path.mkdir(), "Is a directory"),
    ],
)
def test_npz_that_is_none(tmp_path, write, message):
    path = tmp_path / "bad.npz"
    write(path)
    with pytest.raises(DataError) as caught:
        load(str(path))
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


@pytest.mark.parametrize("source", ["nowhere.csv", "nowhere.npz", "digit", "data.txt"])
def test_a_source_that_is_not_there(source):
    with pytest.raises(DataError, match=source):
        load(source)
