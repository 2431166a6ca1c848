"""What a check of a layer found: each finding says what is wrong, probably why, and where to look."""

from __future__ import annotations

from dataclasses import dataclass

from graph.checking.tables import aligned, html_table

LAWS = ("shapes", "dtype", "purity", "repeatability", "aliasing", "gradients", "errors", "update", "tied")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or (`advice`) that a layer may do without."""

    law: str
    what: str
    why: str = ""
    where: str = ""
    advice: bool = False

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.what, self.why])) + (f" (look at {self.where})" if self.where else "")


@dataclass(frozen=True)
class LayerReport:
    """The contract, law by law; `ok` if nothing is wrong. Advice does not count.

    >>> report = LayerReport("Mine()", [Finding("purity", "backward writes into g_out", "[...] = on it", "backward")])
    >>> report.ok, str(report.findings[0])
    (False, 'backward writes into g_out: [...] = on it (look at backward)')
    """

    title: str
    findings: list[Finding]
    unseen: tuple[str, ...] = ()  # laws that could not be tried, because an earlier one is broken

    @property
    def ok(self) -> bool:
        """Whether no law is broken."""
        return not self.failures

    @property
    def failures(self) -> list[Finding]:
        """The findings that are more than advice."""
        return [finding for finding in self.findings if not finding.advice]

    def verdict(self, law: str) -> str:
        """One word for one law."""
        found = [finding for finding in self.findings if finding.law == law]
        if not found:
            return "not tried" if law in self.unseen else "ok"
        return "advice" if all(finding.advice for finding in found) else "WRONG"

    def raise_if_bad(self) -> LayerReport:
        """The report itself, or an AssertionError that shows it."""
        if not self.ok:
            raise AssertionError(f"the contract is broken\n{self!r}")
        return self

    def _rows(self) -> list[list[str]]:
        rows = [["law", "", "what, why, and where to look"]]
        for law in LAWS:
            found = [finding for finding in self.findings if finding.law == law]
            rows += [[law if i == 0 else "", self.verdict(law) if i == 0 else "", str(f)] for i, f in enumerate(found)]
            if not found:
                rows.append([law, self.verdict(law), ""])
        return rows

    def _remark(self) -> str:
        return "a forward and a backward that are wrong together pass: work one number by hand" if self.ok else ""

    def __repr__(self) -> str:
        head = f"{self.title}: {'ok' if self.ok else 'WRONG'}"
        return "\n".join(filter(None, [head, *aligned(self._rows()), self._remark()]))

    def _repr_html_(self) -> str:
        rows = self._rows()
        bad, wrong = [False], False
        for law, verdict, _ in rows[1:]:
            wrong = verdict == "WRONG" if law else wrong
            bad.append(wrong)
        head = f"{self.title}: {'ok' if self.ok else 'WRONG'}"
        return html_table(head, rows, bad, [self._remark()] if self.ok else [])
