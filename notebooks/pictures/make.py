"""Make the pictures of README.md anew: python notebooks/pictures/make.py (the stepper's needs a chromium)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from graph import draw
from graph.cli import main as run
from graph.views.examples import neuron, residual, traced_mlp

HERE = Path(__file__).parent
PRESS = """<script>
const root = document.querySelector(".layerwise");
for (let i = 0; i < 5; i++) root.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
root.blur();
</script></body>"""
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=1.25"


def make_stepper() -> bool:
    """A screenshot of the stepper at the first backward step of a Linear; False where no browser is."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "steps.html"
        traced_mlp((6, 5, 3), batch=4).save(page)
        page.write_text(page.read_text(encoding="utf-8").replace("</body>", PRESS), encoding="utf-8")
        shot = f"--screenshot={HERE / 'stepper.png'}"
        command = [browser, *FLAGS.split(), f"--user-data-dir={folder}", "--window-size=960,520", shot, page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return True


def make_loss_curve() -> None:
    """The picture that `layerwise train digits` writes."""
    with tempfile.TemporaryDirectory() as folder:
        run(["train", "digits", "--quiet", "--out", folder])
        shutil.copy(Path(folder) / "loss_curve.png", HERE)


def main() -> None:
    """All four."""
    draw(neuron()).savefig(HERE / "circuit.png", dpi=100)
    draw(residual(1)).savefig(HERE / "dag.png", dpi=100)
    make_loss_curve()
    if not make_stepper():
        sys.exit("no chromium here: stepper.png stays as it is")


if __name__ == "__main__":
    main()
