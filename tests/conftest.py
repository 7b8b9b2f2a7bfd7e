"""What holds for every test: no proxy stands between a client and the loopback."""

import os

import pytest
from hypothesis import settings

settings.register_profile("kunren", deadline=None)  # a busy machine is no defect; what has to be quick has its own test
settings.load_profile("kunren")

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in [name for name in os.environ if name.lower() in PROXIES]:
        monkeypatch.delenv(name)
