"""Say what the numbers run on.

Versions, the matrix products' library and its kernels, threads. Where the processor has AVX-512 and numpy's OpenBLAS
does not use it, measures what the faster kernels are worth and prints the variable to set. Nothing is set.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys

FASTER = {"OPENBLAS_CORETYPE": "SkylakeX"}
AVX512_KERNELS = ("SkylakeX", "Cooperlake", "SapphireRapids")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
TIMING = """
import time
import numpy as np
a = np.random.default_rng(0).normal(size=(512, 512)).astype(np.float32)
def seconds():
    start = time.perf_counter()
    for _ in range(20):
        a.dot(a)
    return time.perf_counter() - start
seconds()
print(20 * 2 * 512**3 / min(seconds() for _ in range(15)) / 1e9)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`layerwise info` takes none."""


def run(args: argparse.Namespace) -> int:
    """Print it all."""
    import numpy as np

    print(f"layerwise   {_version('layerwise')}")
    print(f"python      {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs")
    print(f"numpy       {np.__version__}")
    for name in ("matplotlib", "scikit-learn"):
        print(f"{name:<11} {_version(name)}")
    blas, kernels, threads = _blas()
    print(f"blas        {blas}")
    print(f"kernels     {kernels}")
    print(f"threads     {threads}")
    for name in (*THREADS, *FASTER):
        if name in os.environ:
            print(f"            {name}={os.environ[name]}")
    if "openblas" in blas and _has_avx512() and kernels not in AVX512_KERNELS:
        _compare()
    return 0


def _compare() -> None:
    """What OpenBLAS's AVX-512 kernels would be worth, measured in two fresh processes."""
    now, faster = (_gigaflops({**os.environ, **more}) for more in ({}, FASTER))
    print(f"matrix products, 512 x 512, float32, one thread: {now:.0f} Gflop/s; with AVX-512 kernels {faster:.0f}")
    if faster > 1.05 * now:
        setting = " ".join(f"{name}={value}" for name, value in FASTER.items())
        asked = os.environ.get("OPENBLAS_CORETYPE")
        why = f", because OPENBLAS_CORETYPE={asked} asks for others" if asked else ""
        print(f"This processor has AVX-512, and numpy does not use it{why}. Set, before Python starts:")
        print(f"  export {setting}")
        print(f"Large matrix products were {faster / now:.2f} times as fast with it, just now. Nothing has been set.")


def _gigaflops(environment: dict[str, str]) -> float:
    environment = {**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", TIMING], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _blas() -> tuple[str, str, str]:
    """The library behind numpy's matrix products, its kernel family, its threads."""
    import numpy as np

    np.dot(np.ones((2, 2)), np.ones((2, 2)))  # the library is loaded by now
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{built['name']} {built['version']}", "unknown (pip install threadpoolctl tells)", "unknown"
    for pool in threadpool_info():
        if pool["user_api"] == "blas":
            name = f"{pool['internal_api']} {pool['version']}"
            return name, pool.get("architecture", "unknown"), str(pool["num_threads"])
    return "none found", "unknown", "unknown"


def _has_avx512() -> bool:
    import numpy as np

    found = np.show_config(mode="dicts")["SIMD Extensions"]
    names = [*found.get("baseline", []), *found.get("found", [])]
    return any(name == "X86_V4" or name.startswith("AVX512") for name in names)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
