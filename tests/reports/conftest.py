import pytest

from tests.reports.journals import probed
from tests.reports.measured import MEASURED, write_measured
from tests.reports.samples import SAMPLES, write_sample


@pytest.fixture(params=[*SAMPLES, *MEASURED])
def sample(request, tmp_path):
    (write_measured if request.param in MEASURED else write_sample)(request.param, tmp_path)
    return tmp_path


@pytest.fixture(params=MEASURED)
def measured(request, tmp_path):
    write_measured(request.param, tmp_path)
    return probed(tmp_path)
