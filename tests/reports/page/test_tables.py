from datetime import timedelta

from lab.model.clocks import ClockOffset
from reports.page.tables import _offset, tables
from tests.reports.journals import probed
from tests.reports.measured import write_measured
from words import LANGUAGES, words_of


def test_each_layer_has_its_outages_and_what_was_seen_most_first(tmp_path):
    write_measured("measured-en", tmp_path)
    drill, _, site = probed(tmp_path)
    found = tables(drill, site, words_of("en"))
    write = next(line for line in found.tracks if line.name == "Write")
    assert [outage.took for outage in write.outages] == ["7 min 27 s – 7 min 41 s", "1 min 14 s – 1 min 26 s"]
    assert write.seen.startswith("82 × no answer within 3 s; 16 × the connection was refused")
    assert [line.host for line in found.clocks] == ["MASTER", "REPLICA"]


def test_an_offset_of_years_is_told_in_years():
    far = ClockOffset(offset=-timedelta(days=400), within=timedelta(milliseconds=60))
    assert [_offset(far, words_of(language)) for language in LANGUAGES] == ["−1 y 35 d", "−1年35日"]
