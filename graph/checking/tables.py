"""Tables: rows of words, as aligned text and as HTML."""

from __future__ import annotations

from html import escape

STYLE = "background:#ffffff;color:#1a1a1a;border-collapse:collapse;font-family:monospace;font-size:13px"
CELL = "padding:3px 10px;border-bottom:1px solid #cccccc;text-align:left;background:#ffffff;color:#1a1a1a"
BAD = CELL.replace("#ffffff", "#fde8e8")
ONE_LINE = ";white-space:nowrap"  # of a row, only the last cell holds sentences


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows of text in columns.

    >>> aligned([["a", "b"], ["long", "c"]])
    ['  a     b', '  long  c']
    """
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def html_table(title: str, rows: list[list[str]], bad: list[bool], remarks: list[str]) -> str:
    """Rows as an HTML table with colours of its own, light paper and dark ink in any theme; bad rows stand out."""
    lines = [f'<table style="{STYLE}"><caption style="{CELL};text-align:left">{escape(title)}</caption>']
    for i, (row, wrong) in enumerate(zip(rows, bad, strict=True)):
        tag, style = ("th" if i == 0 else "td"), (BAD if wrong else CELL)
        styles = [style + ONE_LINE] * (len(row) - 1) + [style]
        cells = zip(styles, row, strict=True)
        lines.append("<tr>" + "".join(f'<{tag} style="{s}">{escape(cell)}</{tag}>' for s, cell in cells) + "</tr>")
    for remark in remarks:
        lines.append(f'<tr><td colspan="{len(rows[0])}" style="{CELL}">{escape(remark)}</td></tr>')
    return "\n".join([*lines, "</table>"])
