from contextlib import closing

import pytest

from lab.drivers.garoon.browser_driver import BrowserDriver
from tests.garoon_stand import Stand, new_front


@pytest.fixture(scope="module")
def front():
    """At one address for the stands of a module, so that the browser that a driver keeps leads to each of them."""
    with closing(new_front()) as front:
        yield front


@pytest.fixture
def stand(tmp_path, front):
    stand = Stand(tmp_path, front=front)
    yield stand
    stand.shut_down()


@pytest.fixture(scope="module")
def driver():
    """It takes longer to start than a browser does; a thread has one only."""
    with BrowserDriver().kept() as driver:
        yield driver
