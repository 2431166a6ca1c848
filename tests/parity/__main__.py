"""`python -m tests.parity [NAME ...]`: print the table of agreement with torch's module samples."""

from __future__ import annotations

import sys
import warnings

from tests.parity.compare import TOLERANCE, infos
from tests.parity.report import run
from tests.parity.table import TABLE


def main() -> int:
    """Print a row for each of torch's modules, or for those named; 1 if something disagrees."""
    warnings.simplefilter("ignore")
    asked = sys.argv[1:]
    rows = []
    for name, info in infos().items():
        if not asked or name in asked or name.removeprefix("nn.") in asked:
            rows.append(run(info, TABLE[name]))
            print(rows[-1], flush=True)
    answered = [row for row in rows if not row.reason]
    n_samples = sum(row.agreed for row in answered)
    print(
        f"\n{sum(row.holds for row in answered)} of {len(rows)} modules agree on every sample within our options "
        f"({n_samples} samples: output, input gradient and parameter gradients to {TOLERANCE:g})"
    )
    return int(any(row.failures for row in answered))


if __name__ == "__main__":
    sys.exit(main())
