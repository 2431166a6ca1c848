"""Imports run downwards only, without a circle, and bring in numpy and nothing slow."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["layers", "losses", "graph"]
FILES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]
SLOW = ["matplotlib", "tqdm", "sklearn", "scipy", "IPython", "torch", "pandas"]


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


def imported(path, inside_functions=True):
    """Names of the modules a file imports, at its top level or anywhere."""
    tree = ast.parse(path.read_text())
    nodes = list(ast.walk(tree))
    if not inside_functions:
        deferred = {
            id(node)
            for function in nodes
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
        }
        checking = {
            id(node)
            for branch in nodes
            if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
            for node in ast.walk(branch)
        }
        nodes = [node for node in nodes if id(node) not in deferred | checking]
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            names |= submodules or {node.module}
    return names


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_package_imports_itself_and_those_below(path):
    package = module_of(path).split(".")[0]
    above = ORDER[ORDER.index(package) + 1 :]
    assert not [name for name in imported(path) if name.split(".")[0] in above]


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "layers")], ids=module_of)
def test_a_layer_imports_numpy_and_layers_alone(path):
    foreign = {name.split(".")[0] for name in imported(path)} - {"numpy", "layers"} - set(sys.stdlib_module_names)
    assert not foreign


def outermost(module):
    """Whether a module of graph is one of those that import the rest and are imported by nothing else."""
    return module.startswith(("graph.views", "graph.training", "graph.cli", "graph.__main__")) or module == "graph"


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("graph") and not outermost(name)])
def test_inside_graph_nothing_imports_views_or_training(module):
    assert not [name for name in imported(MODULES[module], inside_functions=False) if outermost(name)]


def test_there_are_no_circles():
    wanted = {
        name: {other for other in imported(path, inside_functions=False) & set(MODULES) if other != name}
        for name, path in MODULES.items()
    }
    TopologicalSorter(wanted).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("package", ORDER)
def test_importing_brings_in_nothing_slow(package):
    code = f"import sys, {package}; print(*(name for name in {SLOW} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
