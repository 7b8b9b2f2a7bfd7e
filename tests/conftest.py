"""What holds for every test: no proxy stands between a client and the loopback."""

import os
import signal

import pytest
from hypothesis import settings

# A busy machine is not a defect: what has to be quick has its own test. The suite tries the same examples in each run;
# HYPOTHESIS_PROFILE=explore tries new ones, and `make controls` does.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what is in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)

collect_ignore_glob = ["*.feature"]  # of tests; Kunren's plugin would perform them

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in [name for name in os.environ if name.lower() in PROXIES]:
        monkeypatch.delenv(name)
