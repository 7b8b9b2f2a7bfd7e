"""Site files that come with Kunren."""

from __future__ import annotations

import tomllib
from pathlib import Path

from lab.errors import SiteError
from lab.site.text_file import read_text
from words import LANGUAGES, Language, sentence

SIMULATED = Path(__file__).parent / "simulated.toml"


def written_language(site: Path) -> Language | None:
    """The language of a site file, which need not be right otherwise; None where it cannot be read."""
    try:
        text = read_text(site, sentence("site.file"), utf_16=False)
        written = tomllib.loads(text).get("language", "ja")
    except (SiteError, ValueError, RecursionError):
        return None
    return next((each for each in LANGUAGES if each == written), None)
