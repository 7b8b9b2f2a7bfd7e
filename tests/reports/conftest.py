from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.reports.journals import probed
from tests.reports.measured import MEASURED, write_measured


@pytest.fixture(params=MEASURED)
def measured(request):
    return _probed(request.param)


@cache
def _probed(name):
    with TemporaryDirectory() as folder:
        write_measured(name, Path(folder))
        return probed(Path(folder))
