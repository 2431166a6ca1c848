"""How many samples of each module agree, as rows that the command prints and the test reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.parity.answers import Answer
from tests.parity.compare import agree, flat, samples


@dataclass
class Row:
    """What became of one of torch's modules."""

    name: str
    answered_by: str = ""
    agreed: int = 0
    outside: Counter[str] = field(default_factory=Counter)  # samples outside of our options, by reason
    failures: list[str] = field(default_factory=list)
    reason: str = ""  # why nothing answers it

    @property
    def holds(self) -> bool:
        """Whether some sample agrees, and every sample within our options does."""
        return self.agreed > 0 and not self.failures

    def __str__(self) -> str:
        if self.reason:
            return f"{self.name:<28} -      {self.reason}"
        n = self.agreed + len(self.failures) + self.outside.total()
        notes = [f"{count} outside: {reason}" for reason, count in self.outside.items()]
        notes += [f"FAILS: {failure}" for failure in self.failures[:1]]
        return f"{self.name:<28} {f'{self.agreed}/{n}':<6} {'; '.join([self.answered_by, *notes])}"


def run(info: Any, answer: Answer | str) -> Row:
    """Run every sample of one module."""
    row = Row(info.name)
    if isinstance(answer, str):
        row.reason = answer
        return row
    for module, inputs in samples(info):
        if why := answer.outside(module, inputs):
            row.outside[why] += 1
            continue
        row.answered_by = row.answered_by or type(answer.layer_for(module, inputs)).__name__
        try:
            agree(module, inputs, answer)
        except Exception as error:  # noqa: BLE001  (whatever goes wrong is the finding)
            shapes = ", ".join(str(tuple(x.shape)) for x in flat(inputs))
            row.failures.append(f"{module} on {shapes}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
        else:
            row.agreed += 1
    return row
