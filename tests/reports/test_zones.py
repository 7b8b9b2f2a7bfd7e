from reports.load import load_record
from tests.reports.journals import rewritten
from tests.reports.pages import page_of, part
from tests.reports.samples import write_sample


def test_a_drill_of_the_night_bears_the_date_of_the_site(tmp_path):
    write_sample("passed-en", tmp_path)
    rewritten(
        tmp_path,
        lambda entry: (
            {**entry, "wall": entry["wall"].replace("2026-01-15T03", "2026-01-14T17")}
            | ({"time_zone": "+09:00"} if entry["what"] == "run.began" else {})
        ),
    )
    assert "2026-01-15 02:04:05 (UTC+09:00)" in part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")


def test_a_journal_of_before_has_nobody_named_and_is_told_in_its_labs_zone(tmp_path):
    write_sample("passed-en", tmp_path)
    new = ("time_zone", "operator", "digests")
    rewritten(tmp_path, lambda entry: {name: value for name, value in entry.items() if name not in new})
    record = load_record(tmp_path)
    assert (record.operator, record.digests, record.time_zone) == (None, None, "")
    kicker = part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")
    assert "2026-01-15 12:04:05 (UTC+09:00)" in kicker
    assert "drill-01" not in kicker
