"""What other programs that Kunren starts are told of its environment: what they need, never a password or a proxy."""

from __future__ import annotations

import os
from collections.abc import Mapping

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


def helper_environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of `given` that a helper is handed on."""
    return {name: value for name, value in given.items() if name.upper() in _NEEDED or name.startswith(_FAMILIES)}
