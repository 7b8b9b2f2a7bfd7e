import pytest

from tests.board.room import Stand, quick


@pytest.fixture
def stand(tmp_path):
    stand = Stand(tmp_path, quick())
    yield stand
    stand.close()
