"""The languages that Kunren speaks."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
