"""`python -m tests.benchmarks`: the workloads against other libraries, how the cost grows, what memory it takes."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.benchmarks.measure import in_processes

HERE = Path(__file__).parent
ALL = "W1,W2,W3,W4,W5,W6,W7,W8"


def main() -> int:
    """Run what was asked for, print it, and write it into --out as Markdown, JSON and a chart."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--works", default=ALL, help=f"which workloads (default {ALL})")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default 1,2)")
    parser.add_argument("--dtypes", default="float32,float64", help="default float32,float64")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each workload (default 5)")
    parser.add_argument("--scaling", action="store_true", help="also depth, batch, width, length, memory, imports, fit")
    parser.add_argument("--check", action="store_true", help="only W1 and W2 against the committed ratios")
    parser.add_argument("--out", type=Path, default=Path("runs/benchmarks"))
    options = parser.parse_args()
    return check() if options.check else report(options)


def check() -> int:
    """1 if the kit has become 25% slower against the straight-line script than the committed figures say."""
    committed = json.loads((HERE / "committed.json").read_text())
    found = in_processes(list(committed), "float32", 1, 5.0)
    worse = 0
    for name, before in committed.items():
        now = 1 / found[name]["ratio"]["script"]
        verdict = "worse" if now > 1.25 * before else "fine"
        worse += verdict == "worse"
        print(f"{name}: {now:.2f} times the time of the straight-line script, committed {before:.2f}: {verdict}")
    return int(worse > 0)


def report(options: argparse.Namespace) -> int:
    """The tables and the chart."""
    from tests.benchmarks.tables import chart, machine, target_table, work_table

    options.out.mkdir(parents=True, exist_ok=True)
    parts, kept = [f"Measured on {machine()}.", ""], {}
    for threads in map(int, options.threads.split(",")):
        for dtype in options.dtypes.split(","):
            found = in_processes(options.works.split(","), dtype, threads, options.seconds)
            kept[f"{dtype}, {threads} thread(s)"] = found
            parts += [f"### {dtype}, {threads} thread(s)", "", work_table(found), ""]
            if (dtype, threads) == ("float32", 1):
                parts += [target_table(found), ""]
                chart(found, str(options.out / "benchmark.png"))
            print("\n".join(parts[-4:]), flush=True)
    if options.scaling:
        kept["scaling"] = grown()
        for title, row in kept["scaling"].items():
            parts += [f"{title}: " + ", ".join(f"{name}: {value:.3g}" for name, value in row.items()), ""]
            print(parts[-2])
    (options.out / "benchmark.md").write_text("\n".join(parts))
    (options.out / "benchmark.json").write_text(json.dumps(kept, indent=1))
    print(f"written to {options.out}/benchmark.md, .json and .png")
    return 0


def grown() -> dict[str, dict[str, float]]:
    """How the cost grows, in this process (run it with OPENBLAS_NUM_THREADS=1)."""
    from tests.benchmarks import scaling
    from tests.benchmarks.kit_steps import kit
    from tests.benchmarks.numpy_steps import script

    sizes = (128, 256, 512, 1024, 2048)
    return {
        "us a layer of 64, by depth": scaling.depth(kit),
        "the same of the script": scaling.depth(script),
        "us a layer of 32, by depth": scaling.depth(kit, 32),
        "us a datapoint of 64-128-64-10, by batch": scaling.batch((64, 128, 64, 10), (1, 8, 32, *sizes, 4096)),
        "us a datapoint of 784-512-512-10, by batch": scaling.batch((784, 512, 512, 10), sizes),
        "us for a thousand weights, by width": scaling.width(),
        "us a time step, by unrolled length": scaling.unrolled(),
        "page faults a step": scaling.page_faults(),
        "peak MB of 100 x 256, batch 4096": scaling.peak_memory(),
        "seconds to import": scaling.import_time(),
        "fit over the hand-written loop": {"W2": scaling.fit_overhead()},
    }


if __name__ == "__main__":
    sys.exit(main())
