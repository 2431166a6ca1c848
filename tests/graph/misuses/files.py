"""Files that are no saved model, or that of another one: (how the file comes to be, the model, error, words)."""

import zipfile

import numpy as np

from graph import Sequential, save
from layers import Dropout, DtypeError, Linear, ParameterNameError, ReLU, ShapeError
from tests.graph.misuses.subjects import chain


def saved(folder):
    save(chain(), folder / "model.npz")
    return folder / "model.npz"


def half(folder):
    whole = saved(folder).read_bytes()
    (folder / "model.npz").write_bytes(whole[: len(whole) // 2])
    return folder / "model.npz"


def one_byte(folder):
    whole = bytearray(saved(folder).read_bytes())
    whole[whole.index(chain().params["hidden.W"].tobytes())] ^= 1
    (folder / "model.npz").write_bytes(whole)
    return folder / "model.npz"


def words(folder):
    (folder / "model.npz").write_text("hidden.W = 3")
    return folder / "model.npz"


def arrays(folder):
    np.savez(folder / "model.npz", **chain().params)
    return folder / "model.npz"


def pickled(folder):
    """A saved model, right in everything but that one array is pickled."""
    path = saved(folder)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    np.save(folder / "pickled.npy", np.array([[{}]], dtype=object), allow_pickle=True)
    members["params/hidden.W.npy"] = (folder / "pickled.npy").read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def wider():
    return Sequential(hidden=Linear(4, 3, rng=0), act=ReLU(), out=Linear(3, 5, rng=1))


def single():
    return Sequential(
        hidden=Linear(4, 3, rng=0, dtype=np.float32), act=ReLU(), out=Linear(3, 2, rng=1, dtype=np.float32)
    )


def unnamed():
    return Sequential(Linear(4, 3, rng=0), ReLU(), Linear(3, 2, rng=1))


def random():
    return Sequential(hidden=Linear(4, 3, rng=0), act=Dropout(0.5, rng=0), out=Linear(3, 2, rng=1))


FILES = {
    "no file": (lambda folder: folder / "model.npz", chain, FileNotFoundError, ["model.npz"]),
    "a folder": (lambda folder: folder, chain, OSError, []),
    "half a file": (half, chain, ValueError, ["model.npz", "not a whole model file"]),
    "a wrong byte": (one_byte, chain, ValueError, ["model.npz", "not a whole model file"]),
    "a text": (words, chain, ValueError, ["model.npz", "not a whole model file"]),
    "arrays of somebody else": (arrays, chain, ValueError, ["model.npz", "not a model file of layerwise"]),
    "pickle": (pickled, chain, ValueError, ["model.npz", "allow_pickle=False"]),
    "shapes of another model": (saved, wider, ShapeError, ["model.npz", "out.W must be (5, 3)", "got (2, 3)"]),
    "another dtype": (saved, single, DtypeError, ["model.npz", "hidden.W must be float32", "got float64"]),
    "other names": (saved, unnamed, ParameterNameError, ["model.npz", "lacks 0.W", "no parameter hidden.W"]),
    "no state": (saved, random, ParameterNameError, ["model.npz", "lacks act.rng"]),
}
