"""Text from outside, as it can be shown without harm: what a terminal would obey or not show is named."""

from __future__ import annotations

import re

DISGUISES = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed: escape sequences begin with one
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of writing
    "\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # no width, or another line
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    "\U000e0000-\U000e007f]"  # tags, which repeat ASCII unseen
)
_LAYOUT = re.compile("[\t\n]")
_LINE_ENDS = re.compile(r"[ \t]*(?:\r\n|[\r\n\v\f\x85\u2028\u2029])\s*")


def visible(text: str) -> str:
    """The text with each character that controls, hides or reverses named, as in `[U+202E]`; tabs and lines stay."""
    return text if text.isprintable() else DISGUISES.sub(_named, text)


def one_line(text: str) -> str:
    """The same on a single line: line ends become a space, tabs are named."""
    return visible(_LAYOUT.sub(_named, _LINE_ENDS.sub(" ", text.rstrip("\r\n"))))


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found.group()):04X}]"
