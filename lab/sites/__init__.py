"""Site files that come with Kunren."""

from __future__ import annotations

import tomllib
from pathlib import Path

SIMULATED = Path(__file__).parent / "simulated.toml"


def simulated_language() -> str:
    """The language of the simulated site, for commands that ask nothing else of it."""
    language: str = tomllib.loads(SIMULATED.read_text(encoding="utf-8"))["language"]
    return language
