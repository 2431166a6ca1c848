"""`layerwise info`: what it says, and that what it advises is measured and never set."""

import os
import sys

import numpy as np
import pytest

from graph.cli import main
from graph.commands import info


def said(capsys):
    assert main(["info"]) == 0
    return capsys.readouterr().out


def measured(monkeypatch, *, blas="openblas 0.3", kernels="Haswell", avx512=True, speeds=(100.0, 190.0)):
    """A machine with these properties."""
    monkeypatch.setattr(info, "_blas", lambda: (blas, kernels, "1"))
    monkeypatch.setattr(info, "_has_avx512", lambda: avx512)
    now, faster = speeds
    monkeypatch.setattr(info, "_gigaflops", lambda env: faster if env.get("OPENBLAS_CORETYPE") == "SkylakeX" else now)
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)


def test_this_machine(capsys):
    before = os.environ.get("OPENBLAS_CORETYPE")
    text = said(capsys)
    assert f"numpy       {np.__version__}\n" in text
    assert f"python      {sys.version.split()[0]} " in text
    for name in ("layerwise", "matplotlib", "blas", "kernels", "threads"):
        assert f"\n{name}" in "\n" + text
    assert os.environ.get("OPENBLAS_CORETYPE") == before


def test_slower_kernels_than_the_processor_has(monkeypatch, capsys):
    measured(monkeypatch)
    text = said(capsys)
    assert "export OPENBLAS_CORETYPE=SkylakeX" in text
    assert "1.90 times as fast" in text
    assert "OPENBLAS_CORETYPE" not in os.environ


def test_a_variable_that_asks_for_slower_kernels_is_named(monkeypatch, capsys):
    measured(monkeypatch)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert "because OPENBLAS_CORETYPE=Haswell asks for others" in said(capsys)


@pytest.mark.parametrize(
    "machine",
    [{"kernels": "SkylakeX"}, {"avx512": False}, {"blas": "accelerate"}, {"speeds": (100.0, 101.0)}],
    ids=["fast already", "no AVX-512", "another library", "no gain"],
)
def test_no_advice_where_there_is_nothing_to_gain(monkeypatch, capsys, machine):
    measured(monkeypatch, **machine)
    assert "export" not in said(capsys)


def test_the_measurement_measures():
    assert info._gigaflops(dict(os.environ)) > 0.1


def test_without_threadpoolctl(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    blas, kernels, threads = info._blas()
    assert blas
    assert kernels.startswith("unknown")
    assert threads == "unknown"
