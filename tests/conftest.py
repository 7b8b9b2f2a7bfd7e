"""What holds for every test: no proxy stands between a client and the loopback."""

import os

import pytest

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in [name for name in os.environ if name.lower() in PROXIES]:
        monkeypatch.delenv(name)
