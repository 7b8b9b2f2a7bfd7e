import pytest

from reports import write_reports
from reports.load import load_record
from tests.reports.journals import lines_of, rewrite
from tests.reports.samples import write_sample


@pytest.mark.parametrize(
    ("os", "simulated"), [("Windows Server 2016", False), ("Windows Server 2016 (SIMULATED)", True)]
)
def test_a_host_that_calls_itself_simulated_makes_the_run_so_whatever_the_site_was_said_to_be(tmp_path, os, simulated):
    write_sample("passed-en", tmp_path)
    lines = lines_of(tmp_path)
    for line in lines:
        if line["what"] == "run.began":
            line["environment"] = "real"
        if line["what"] == "call":
            line["answer"] = None
        if line["what"] == "host":
            line["os"] = os
    rewrite(tmp_path, lines)
    assert load_record(tmp_path).simulated is simulated
    written = write_reports(tmp_path)
    assert written.verdict.simulated is simulated
    assert ("SIMULATED" in written.html.read_text(encoding="utf-8")) is simulated
