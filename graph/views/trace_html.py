"""The stepper: a trace as one piece of HTML that needs nothing else, and is readable without its script and style."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.views.grid import MOST, NAME, grid
from graph.views.record import gradient_of, parts_of
from layers.errors import label

if TYPE_CHECKING:
    from graph.views.record import Record
    from graph.views.trace import Trace

HERE = Path(__file__).parent
FLOW = "display:flex;flex-wrap:wrap;align-items:center;gap:10px"
BOX = "background:#eef2f7;color:#1f2937"
ARROWS = {"forward": "&rarr;", "backward": "&larr;"}
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 24px auto; padding: 0 8px; max-width: 1420px; background: #fff; color: #1f2937; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111827; color: #e5e7eb; }} }}
</style></head>
<body>
{stepper}
<script>document.querySelector(".layerwise").focus();</script>
</body></html>
"""
shown = itertools.count(1)  # a stepper that is shown twice is two steppers


def page(trace: Trace) -> str:
    """A whole page for light and dark screens."""
    return PAGE.format(title=f"Trace of {escape(label(trace.model))}", stepper=stepper(trace, "layerwise"))


def fragment(trace: Trace) -> str:
    """The stepper for a notebook, under an id of its own."""
    digest = sha256(stepper(trace, "").encode()).hexdigest()[:8]
    return stepper(trace, f"layerwise-{digest}-{next(shown)}")


def stepper(trace: Trace, name: str) -> str:
    """Heading, row of boxes, all steps in order; the script then shows one at a time."""
    style = (HERE / "stepper.css").read_text(encoding="utf-8")
    script = (HERE / "stepper.js").read_text(encoding="utf-8")
    head = f"<b>{escape(label(trace.model))}</b>"
    if trace.loss is not None:
        head += f", loss <b>{escape(label(trace.loss))}</b>"
    if trace.J is not None and getattr(trace.J, "ndim", 0) == 0:
        head += f': <b style="{NAME["value"]}">J = {float(trace.J):.4g}</b>'
    steps = [step_of(step, len(trace.steps)) for step in trace.steps]
    return "\n".join(
        [
            f'<div class="layerwise" id="{name}" tabindex="0" data-lm-suppress-shortcuts="true">',
            f"<style>{style}</style>",
            f'<p class="lw-head">{head}</p>',
            f'<div class="lw-row">{row(trace)}</div>',
            *steps,
            f"<script>{script}</script>",
            "</div>",
        ]
    )


def row(trace: Trace) -> str:
    """The model as boxes in the order of computation, each with the numbers of its two steps."""
    places: dict[str, dict[str, int]] = {}
    for i, step in enumerate(trace.steps):
        places.setdefault(step.name, {})[step.direction] = i
    kinds = {step.name: "sum" if step.layer is None else type(step.layer).__name__ for step in trace.steps}
    boxes = []
    for name, place in places.items():
        data = " ".join(f'data-{way}="{i}"' for way, i in place.items())
        kind = escape(kinds[name])
        boxes.append(f'<span class="lw-box" style="{BOX}" {data}><small>{escape(name)}</small> <b>{kind}</b></span>')
    return ' <span class="lw-arrow">&rarr;</span> '.join(boxes)


def step_of(step: Record, total: int) -> str:
    """One step: what runs, its rule, its arrays."""
    colours = NAME["value" if step.direction == "forward" else "gradient"]
    arrow = ARROWS[step.direction]
    way = f"forward {arrow}" if step.direction == "forward" else f"{arrow} backward"
    layer = "" if step.layer is None else escape(label(step.layer))
    rules = "<br>".join(f"<code>{escape(rule)}</code>" for rule in (step.rule, *step.param_rules))
    return "\n".join(
        [
            f'<details class="lw-step" data-way="{step.direction}" open><summary>{step.number}/{total} '
            f'<b class="lw-way" style="{colours}">{way}</b> <b>{escape(step.name)}</b> {layer}</summary>',
            f'<p class="lw-rule">{rules}</p>',
            *(f'<div class="lw-flow" style="{FLOW}">{line}</div>' for line in lines_of(step)),
            "</details>",
        ]
    )


def lines_of(step: Record) -> list[str]:
    """The arrays: forward from left to right; backward what was sent forward above, gradients leftwards below."""
    arrow = sign(ARROWS[step.direction])
    name_in, name_out = step.called
    if step.direction == "forward":
        parts = [wires(name_in, step.x_in, "value"), named(step.params, "value"), wires(name_out, step.x_out, "value")]
        return [arrow.join(filter(None, parts))]
    if step.addends:
        total = named(step.param_grads, "gradient") or wires("g_in", step.g_in, "gradient")
        return [total + sign("=") + sign("+").join(grid(name, g, "gradient") for name, g in step.addends.items())]
    g_in, grads = wires("g_in", step.g_in, "gradient"), named(step.param_grads, "gradient")
    above = wires(name_in, step.x_in, "value", most=5)
    return [above, arrow.join(filter(None, [g_in, grads, wires("g_out", step.g_out, "gradient")]))]


def wires(name: str, value: Any, kind: str, most: int = MOST) -> str:
    """The grid of one wire, or of each of several."""
    return " ".join(grid(*part, kind, most) for part in parts_of(name, value))


def named(arrays: Mapping[str, Any], kind: str) -> str:
    """The grids of parameters, or of their gradients, one below the other."""
    names = [gradient_of(name) if kind == "gradient" else name for name in arrays]
    grids = [grid(name, array, kind) for name, array in zip(names, arrays.values(), strict=True)]
    return f"<div>{'<br>'.join(grids)}</div>" if grids else ""


def sign(text: str) -> str:
    """A sign between two grids."""
    return f' <span class="lw-sign">{text}</span> '
