"""Site files that come with Kunren."""

from __future__ import annotations

import tomllib
from pathlib import Path

from words import LANGUAGES, Language

SIMULATED = Path(__file__).parent / "simulated.toml"


def written_language(site: Path) -> Language | None:
    """The language of a site file, which need not be right otherwise; None where it cannot be read."""
    try:
        written = tomllib.loads(site.read_text(encoding="utf-8-sig")).get("language", "ja")
    except (OSError, ValueError, RecursionError):
        return None
    return next((each for each in LANGUAGES if each == written), None)
