"""Texts that are made outside of a session are those of PowerShell 7, whatever session ran before in this thread."""

from __future__ import annotations

import pytest

from powershell.dialect import Dialect, speak


@pytest.fixture(autouse=True)
def the_dialect_of_the_recordings():
    speak(Dialect.POWERSHELL_7)
