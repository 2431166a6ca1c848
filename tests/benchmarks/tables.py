"""The benchmark's results as Markdown tables and as a bar chart."""

from __future__ import annotations

import platform
from typing import Any

from tests.benchmarks.works import WORKS

CONTENDERS = ("torch", "jax", "autograd", "script", "products")
# what was aimed at, one thread, float32: at least so many times torch's speed, at most so many times the other's time
TORCH_OVER_KIT = {"W1": 2.8, "W2": 1.8, "W3": 1.15, "W4": 1.1, "W5": 2.0, "W6": 1.3, "W7": 1.0}
KIT_OVER_SCRIPT = {"W1": 1.35, "W2": 1.1, "W3": 1.1, "W4": 1.1, "W5": 1.1, "W6": 1.1, "W7": 1.1, "W8": 1.35}
KIT_OVER_PRODUCTS = {"W3": 1.1, "W4": 1.1}


def machine() -> str:
    """Processor, versions and date, for the line above a table."""
    import datetime

    import numpy as np

    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="ascii") as file:
            name = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{name}, Python {platform.python_version()}, numpy {np.__version__}, {datetime.date.today()}"


def work_table(found: dict[str, Any]) -> str:
    """One row a workload: the kit's microseconds a step, and each contender's time over the kit's."""
    lines = [
        "| work | kit, us | " + " | ".join(f"{name} / kit" for name in CONTENDERS) + " |",
        "| --- | ---: |" + " ---: |" * len(CONTENDERS),
    ]
    for work in WORKS:
        if work.name in found:
            row = found[work.name]
            ratios = [f"{row['ratio'][name]:.2f}" if name in row["ratio"] else "-" for name in CONTENDERS]
            lines.append(f"| {work.name} {work.title} | {row['us']['kit']:.0f} | " + " | ".join(ratios) + " |")
    return "\n".join(lines)


def target_table(found: dict[str, Any]) -> str:
    """Every aim beside what was reached."""
    lines = ["| work | torch / kit | aim | kit / script | aim | kit / products | aim |", "| --- |" + " ---: |" * 6]
    for work in WORKS:
        if work.name not in found:
            continue
        ratios = found[work.name]["ratio"]
        cells = [work.name]
        for name, aims, over in (
            ("torch", TORCH_OVER_KIT, True),
            ("script", KIT_OVER_SCRIPT, False),
            ("products", KIT_OVER_PRODUCTS, False),
        ):
            aim = aims.get(work.name)
            reached = (ratios[name] if over else 1 / ratios[name]) if name in ratios else None
            cells += [f"{reached:.2f}" if reached else "-", (">= " if over else "<= ") + str(aim) if aim else "-"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def chart(found: dict[str, Any], path: str) -> None:
    """Bars from the kit's time (the line at 1) to each contender's, a group a workload, on a logarithmic axis."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    colours, hatches = ("#c2410c", "#7c3aed", "#64748b", "#00795a", "#94a3b8"), ("//", "..", "xx", "", "--")
    works = [work.name for work in WORKS if work.name in found]
    for i, (name, colour, hatch) in enumerate(zip(CONTENDERS, colours, hatches, strict=True)):
        over = [found[work]["ratio"].get(name, float("nan")) - 1 for work in works]
        places = [place + (i - 2) * 0.16 for place in range(len(works))]
        axes.bar(places, over, 0.15, bottom=1, color=colour, hatch=hatch, edgecolor="white", label=name)
    axes.axhline(1, color="black", linewidth=1)
    axes.set_yscale("log")
    axes.set_yticks([0.125, 0.25, 0.5, 1, 2, 4, 8, 16], ["1/8", "1/4", "1/2", "1", "2", "4", "8", "16"])
    axes.minorticks_off()
    axes.set_xticks(range(len(works)), works)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel("time of a training step\nover the time of this kit")
    figure.legend(ncols=5, loc="outside upper center", frameon=False)
    figure.savefig(path, dpi=110)
