import pytest

from reports.load import load_record
from tests.reports.samples import write_sample


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("baseline")
    write_sample("passed-en", folder)
    return load_record(folder)
