"""save and load: the same bits come back, ties hold, and a bad file leaves the model as it was."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from graph import Adam, Parallel, Sequential, fit, load, save
from graph.archive import read_archive, write_archive
from layers import Add, BatchNorm, Branch, Dropout, Identity, Linear, ReLU
from losses import L2Loss


def model_of(seed=0, dtype=np.float64, hidden=4):
    return Sequential(
        hidden=Linear(3, hidden, rng=seed, dtype=dtype),
        norm=BatchNorm(hidden),
        drop=Dropout(0.5, rng=seed),
        out=Linear(hidden, 2, rng=seed + 1, dtype=dtype),
    )


def tied_model(seed):
    """Ties in a chain, between branches, across nesting, transposed; five places of one W."""
    first = Linear(3, 3, rng=seed)
    across = first.tied(transpose=True)
    return Sequential(
        first,
        ReLU(),
        first.tied(),
        Branch(2),
        Parallel(Sequential(first.tied(), Sequential(across)), Sequential(first.tied(), Identity())),
        Add(),
    )


def bits(model):
    return {name: a.tobytes() for name, a in {**model.params, **model.state()}.items()}


def test_the_same_bits_come_back(tmp_path):
    model, other = model_of(0), model_of(5)
    model.forward(np.random.default_rng(0).normal(size=(6, 3)))  # moves the running statistics and the generator
    identity = [id(theta) for theta in other.params.values()]
    save(model, tmp_path / "m.npz")
    load(other, tmp_path / "m.npz")
    assert bits(other) == bits(model)
    assert [id(theta) for theta in other.params.values()] == identity
    x = np.ones((4, 3))
    np.testing.assert_array_equal(model.forward(x), other.forward(x))


def test_exactly_the_path_given(tmp_path):
    for path in (tmp_path / "model", str(tmp_path / "model.weights")):
        save(Linear(2, 1, rng=0), path)
        load(Linear(2, 1, rng=1), path)
    assert sorted(os.listdir(tmp_path)) == ["model", "model.weights"]


def test_the_same_model_gives_the_same_file(tmp_path):
    save(model_of(), tmp_path / "a")
    save(model_of(), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_numpy_reads_it_without_pickle(tmp_path):
    save(Linear.from_arrays([[1.0, 2.0]]), tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert file["params/W"].tolist() == [[1.0, 2.0]]


def test_ties_hold_and_have_one_gradient_and_one_state(tmp_path):
    x = np.random.default_rng(0).normal(size=(8, 3))
    model, other = tied_model(0), tied_model(9)
    fit(model, L2Loss(), x, x, epochs=3, batch_size=4, lr=0.01, optimizer=Adam(), progress=False)
    save(model, tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz") as file:
        assert sum(name.endswith(".W") for name in file) == 1
    load(other, tmp_path / "m.npz")
    assert bits(other) == bits(model)
    W = other.params["0.W"]
    inside = other[4][0][1][0].params["W"]
    assert np.shares_memory(W, inside)
    np.testing.assert_array_equal(inside, W.T)
    # the tied gradient against finite differences, after loading
    loss = L2Loss()
    loss.forward(other.forward(x), x)
    g = other.backward(loss.backward()[0])[1]["0.W"]
    for i in np.ndindex(W.shape):
        before = W[i]
        J = []
        for eps in (1e-6, -1e-6):
            W[i] = before + eps
            J.append(float(L2Loss().forward(other.forward(x), x)))
        W[i] = before
        assert g[i] == pytest.approx((J[0] - J[1]) / 2e-6, rel=1e-6, abs=1e-7)


def broken(path, change):
    """The archive at `path` again, with one thing about it changed."""
    arrays = read_archive(path, "model")
    change(arrays)
    write_archive(path, "model", arrays)


def pickled(path):
    """Right in every respect but that one array is pickled inside."""
    arrays = read_archive(path, "model")
    write_archive(path, "model", arrays)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    member = io.BytesIO()
    np.lib.format.write_array(member, arrays["params/out.b"].astype(object), allow_pickle=True)
    entries["params/out.b.npy"] = member.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def flipped(path):
    data = bytearray(path.read_bytes())
    place = data.find(read_archive(path, "model")["params/out.b"].tobytes())
    data[place] ^= 1
    path.write_bytes(data)


def foreign(path):
    arrays = read_archive(path, "model")
    np.savez(path, **arrays)


def rename(arrays):
    arrays["params/out.c"] = arrays.pop("params/out.b")


BAD = {
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[:-1]), "is not a whole model file"),
    "half": (lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]), "is not a whole model file"),
    "empty": (lambda p: p.write_bytes(b""), "is not a whole model file"),
    "flipped bit": (flipped, "is not a whole model file"),
    "text": (lambda p: p.write_text("hello"), "is not a whole model file"),
    "pickle": (lambda p: p.write_bytes(pickle.dumps({"params/out.b": np.zeros(2)})), "is not a whole model file"),
    "pickled inside": (pickled, "is not a whole model file.*allow_pickle=False"),
    "foreign npz": (foreign, "is not a model file of layerwise"),
    "a checkpoint": (lambda p: write_archive(p, "checkpoint", read_archive(p, "model")), "is not a model file"),
    "missing": (lambda p: broken(p, lambda a: a.pop("params/out.b")), "is of another model: it lacks out.b"),
    "too many": (lambda p: broken(p, lambda a: a.update({"params/c": np.ones(2)})), "has no parameter c"),
    "renamed": (lambda p: broken(p, rename), r"lacks out\.b; this model has no parameter out\.c"),
    "shape": (
        lambda p: broken(p, lambda a: a.update({"params/out.b": np.ones((2, 1))})),
        r"out\.b must be \(2,\) for this model, got \(2, 1\)",
    ),
    "dtype": (
        lambda p: broken(p, lambda a: a.update({"params/out.b": np.ones(2, np.float32)})),
        r"out\.b must be float64 for this model, got float32",
    ),
    "state missing": (lambda p: broken(p, lambda a: a.pop("state/norm.running_mean")), "lacks norm.running_mean"),
    "state unknown": (lambda p: broken(p, lambda a: a.update({"state/x": np.ones(2)})), "has no state x"),
    "state shape": (
        lambda p: broken(p, lambda a: a.update({"state/norm.running_mean": np.ones(5)})),
        "running_mean",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_named_and_the_model_untouched(bad, tmp_path):
    path = tmp_path / "m.npz"
    save(model_of(0), path)
    model = model_of(3)
    load(model, path)  # the file is good in every respect ...
    model = model_of(3)
    before = bits(model)
    change, words = BAD[bad]
    change(path)  # ... but this one
    with pytest.raises(ValueError, match=words) as error:
        load(model, path)
    assert "m.npz" in str(error.value)
    assert bits(model) == before


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="none"):
        load(model_of(), tmp_path / "none")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"cannot write the model: .*none/m"):
        save(model_of(), tmp_path / "none" / "m")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    save(model_of(0), path)
    old = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"cannot write the model: No space left on device.*m\.npz"):
        save(model_of(1), path)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == ["m.npz"]


def test_objects_are_never_pickled(tmp_path):
    layer = Linear(2, 1, rng=0)
    layer.params["W"] = np.array([[1.0, None]])
    with pytest.raises(ValueError, match="allow_pickle"):
        save(layer, tmp_path / "m.npz")
    assert os.listdir(tmp_path) == []
