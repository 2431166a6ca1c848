"""Run the notebooks and keep them with their outputs: `python notebooks/run_all.py`, or with the names of some.

Each runs in a fresh kernel of its own with this folder as working directory, as a reader would. Nothing that differs
from run to run is kept (no timings, no counts of earlier runs), so that running again changes nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# sums are rounded in the order in which they are added: one thread and one family of matrix kernels everywhere
SAME_BITS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"}


def run(path: Path) -> Any:
    """The notebook at `path`, executed in a real kernel; an error in a cell is raised, naming it."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", record_timing=False, resources={"metadata": {"path": str(HERE)}}
    )
    found_here = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))  # installed or not
    client.execute(env=os.environ | SAME_BITS | {"PYTHONPATH": found_here})
    return tidy(notebook)


def tidy(notebook: Any) -> Any:
    """Without what says nothing to a reader: the kernel's version, widget state; cells are numbered in order."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata = {}
        cell.id = f"cell-{number:02d}"
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return notebook


def joined(outputs: list[Any]) -> list[Any]:
    """What was printed between two pictures as one text, in however many pieces the kernel happened to send it."""
    found: list[Any] = []
    for output in outputs:
        if found and output.output_type == found[-1].output_type == "stream" and output.name == found[-1].name:
            found[-1].text += output.text
        else:
            found.append(output)
    return found


def main(names: list[str]) -> None:
    """Run all notebooks, or those whose file names start with one of `names`."""
    import nbformat

    for path in sorted(HERE.glob("[0-9]*.ipynb")):
        if not names or any(path.name.startswith(Path(name).name) for name in names):
            print(path.name, flush=True)
            nbformat.write(run(path), path)


if __name__ == "__main__":
    main(sys.argv[1:])
