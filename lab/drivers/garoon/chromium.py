"""The Chromium and the Japanese font that the browser driver needs, or one sentence on what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

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
_NEEDED = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TZ", "LANG", "LANGUAGE", "TMPDIR", "LD_LIBRARY_PATH"),
        *("PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_NODEJS_PATH"),
        # Windows
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERNAME", "USERPROFILE"),
        *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "HOMEDRIVE", "HOMEPATH"),
    }
)
_FAMILIES = ("LC_", "XDG_", "FONTCONFIG_")


def find_browser(bundled: str) -> Path:
    """The first browser on PATH, else the one Playwright keeps for itself at `bundled`."""
    found = next((path for name in NAMES if (path := shutil.which(name)) is not None), bundled)
    if not found or not Path(found).is_file():
        raise SiteError(sentence("errors.garoon.no_chromium"))
    return Path(found)


def check_japanese_font() -> None:
    """Raises SiteError without a Japanese font: pictures would show empty boxes. Windows and macOS bring their own."""
    if sys.platform in {"win32", "darwin"}:
        return
    lister = shutil.which("fc-list")
    if lister is None or not _fonts(lister):
        raise SiteError(sentence("errors.garoon.no_font"))


def sandboxed() -> bool:
    """Chromium refuses its sandbox to root."""
    return sys.platform == "win32" or os.geteuid() != 0


def helper_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that a program started by Kunren inherits: what it needs, never a password or a proxy."""
    return {name: value for name, value in given.items() if name.upper() in _NEEDED or name.startswith(_FAMILIES)}


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
