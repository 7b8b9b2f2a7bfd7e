"""Site files that come with Kunren."""

from __future__ import annotations

import tomllib
from pathlib import Path

from words import LANGUAGES, Language

SIMULATED = Path(__file__).parent / "simulated.toml"


def simulated_language() -> Language:
    """The language of the simulated site, for commands that ask nothing else of it."""
    written = tomllib.loads(SIMULATED.read_text(encoding="utf-8"))["language"]
    return next(each for each in LANGUAGES if each == written)
