"""Without torch the tests here skip themselves, and their helpers, which import it, are not searched for doctests."""

from importlib.util import find_spec
from pathlib import Path

if find_spec("torch") is None:
    collect_ignore = [path.name for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
