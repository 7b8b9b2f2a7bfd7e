"""What holds for every test: no proxy stands between a client and the loopback."""

import gc
import os
import signal

from hypothesis import settings

from kunren.terminal import READER

# A busy machine is not a defect: what has to be quick has its own test. The suite tries the same few examples in each
# run; HYPOTHESIS_PROFILE=explore tries 500 new ones, and `make controls` does.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=12)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what is in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)

collect_ignore_glob = ["*.feature"]  # of tests; Kunren's plugin would perform them

for name in [name for name in os.environ if name.lower() in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}]:
    del os.environ[name]

gc.disable()  # what is loaded and collected stays
gc.set_threshold(10_000, 50, 50)  # as it is by itself, a tenth of the suite's time goes into passes over what stays


def pytest_runtest_setup():
    """No test is told anything in the language that another has chosen in the same process."""
    READER.chosen, READER.of_site = None, "en"


def pytest_collection_finish():
    gc.freeze()
    gc.enable()
