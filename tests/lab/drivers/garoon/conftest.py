from contextlib import closing

import pytest

from lab.drivers.garoon.browser import BrowserDriver
from tests.garoon_stand import Stand


@pytest.fixture
def stand(tmp_path):
    with closing(Stand(tmp_path)) as stand:
        yield stand


@pytest.fixture(scope="module")
def driver():
    """It takes longer to start than a browser does; a thread has one only."""
    with BrowserDriver().kept() as driver:
        yield driver
