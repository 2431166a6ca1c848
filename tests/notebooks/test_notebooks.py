"""The notebooks: each runs in a real kernel to the outputs that are kept; and, without a kernel, how they are kept."""

import ast
import importlib
import importlib.util
import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
PATHS = sorted(FOLDER.glob("[0-9]*.ipynb"))
NAMES = [path.stem for path in PATHS]
LIST = (FOLDER / "README.md").read_text(encoding="utf-8")


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def texts(cell):
    """What a cell prints and what its last line gives, without pictures and pages."""
    found = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream" and output["name"] == "stdout":
            found.append("".join(output["text"]))
        elif output["output_type"] == "execute_result" and not set(output["data"]) & {"image/png", "text/html"}:
            found.append("".join(output["data"]["text/plain"]))
    return "".join(found)


def pictures(cell):
    return sum(bool({"image/png", "image/gif"} & set(output.get("data", {}))) for output in cell.get("outputs", []))


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_kept_executed_without_errors(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = [output["output_type"] for cell in code for output in cell["outputs"]]
    assert kinds
    assert "error" not in kinds
    assert not [text for cell in code for o in cell["outputs"] if o.get("name") == "stderr" for text in o["text"]]


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_size_and_shape(path):
    code, prose = cells(path, "code"), cells(path, "markdown")
    assert len(code) <= 25
    assert 0.5 <= len(prose) / len(code) <= 2
    assert path.stat().st_size <= 1_500_000
    assert sum(map(pictures, code)) >= 1
    assert source(prose[0]).startswith("# ")


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_nothing_that_changes_from_run_to_run(path):
    text = path.read_text()
    for word in ('execution": {', "application/vnd.jupyter.widget", '"widgets"', " at 0x"):
        assert word not in text


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_the_list_names_it_with_a_small_picture(path):
    picture = FOLDER / "pictures" / f"{path.name[:2]}.png"
    assert f"({path.name})" in LIST
    assert f'src="pictures/{picture.name}"' in LIST
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size <= 60_000


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_its_links_lead_somewhere(path):
    named = [link for cell in cells(path, "markdown") for link in re.findall(r"\]\(([^)#:]+)\)", source(cell))]
    assert [name for name in named if not (FOLDER / name).exists()] == []


def test_what_the_list_points_at_is_there():
    named = re.findall(r"\]\(([^)#:]+)\)", LIST) + re.findall(r'src="(.+?)"', LIST)
    assert len(named) >= 20
    assert [name for name in named if not (FOLDER / name).exists()] == []


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_every_import_is_there(path):
    """The quick stand-in for running: the code parses, and what it imports from the kit exists."""
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(re.sub(r"^%.*$", "", source(cell), flags=re.M))):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in ("layers", "losses", "graph"):
                module = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


@pytest.mark.notebook
@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_runs_to_the_outputs_that_are_kept(path):
    spec = importlib.util.spec_from_file_location("run_all", FOLDER / "run_all.py")
    run_all = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run_all)
    now = [cell for cell in run_all.run(path).cells if cell["cell_type"] == "code"]
    kept = cells(path, "code")
    for old, new in zip(kept, now, strict=True):
        assert texts(new) == texts(old), source(old)
        assert pictures(new) == pictures(old), source(old)
