from contextlib import closing

import pytest

from tests.garoon_stand import Stand


@pytest.fixture
def stand(tmp_path):
    with closing(Stand(tmp_path)) as stand:
        yield stand
