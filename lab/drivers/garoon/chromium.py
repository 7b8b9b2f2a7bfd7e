"""What the browser driver needs of this machine: a Chromium and a Japanese font, or one sentence on what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab.drivers.garoon.processes import helper_environment
from lab.errors import SiteError
from words import sentence

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
ARGUMENTS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--proxy-server=direct://",  # the headless shell heeds proxy variables and ignores --no-proxy-server
)


def find_browser(bundled: str) -> Path:
    """The first browser on PATH, else the one Playwright keeps for itself at `bundled`."""
    found = next((path for name in NAMES if (path := shutil.which(name)) is not None), bundled)
    if not found or not Path(found).is_file():
        raise SiteError(sentence("errors.garoon.no_chromium"))
    return Path(found)


def check_japanese_font() -> None:
    """Without one every kana is an empty box, and a picture proves nothing. Windows and macOS bring their own."""
    if sys.platform in {"win32", "darwin"}:
        return
    lister = shutil.which("fc-list")
    if lister is None or not _fonts(lister):
        raise SiteError(sentence("errors.garoon.no_font"))


def sandboxed() -> bool:
    """Chromium refuses its sandbox to root."""
    return sys.platform == "win32" or os.geteuid() != 0


def _fonts(lister: str) -> str:
    listed = subprocess.run(  # noqa: S603 (a constant question to the program found on PATH)
        [lister, ":lang=ja", "family"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=helper_environment(),
    )
    return listed.stdout.strip()
