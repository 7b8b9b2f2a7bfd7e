import pytest

from lab.model.objectives import Attainment
from reports.findings import findings_of
from reports.load import load_record
from tests.reports.journals import lines_of, rewrite
from tests.reports.measured import write_measured


@pytest.mark.parametrize("name", ["measured-en", "open-en"])
@pytest.mark.parametrize("there", ["all", "none", "twice"])
def test_what_is_read_after_the_restoration_proves_nothing_of_what_the_drill_lost(name, there, tmp_path):
    write_measured(name, tmp_path)
    before = findings_of(load_record(tmp_path).drills[0])
    lines = lines_of(tmp_path)
    last = [line for line in lines if line["what"] == "canaries.read"][-1]
    titles = [line["canary"]["title"] for line in lines if line.get("canary")]
    last["present"] = dict.fromkeys(titles if there != "none" else (), 2 if there == "twice" else 1)
    rewrite(tmp_path, lines)
    after = findings_of(load_record(tmp_path).drills[0])
    assert (after.loss, after.rpo, after.canaries) == (before.loss, before.rpo, before.canaries)
    assert (after.rpo.attainment is Attainment.MET) == (name == "measured-en")


def test_a_drill_that_was_stopped_has_not_awaited_its_last_probes_and_never_meets_its_rto(tmp_path):
    write_measured("measured-en", tmp_path)
    assert findings_of(load_record(tmp_path).drills[0]).rto.attainment is Attainment.MET
    lines = [
        {**line, "reason": "interrupted"} if line["what"] == "drill.ended" else line for line in lines_of(tmp_path)
    ]
    rewrite(tmp_path, lines)
    judged = findings_of(load_record(tmp_path).drills[0]).rto
    assert (judged.attainment, judged.measured.upper) == (Attainment.UNPROVEN, None)
