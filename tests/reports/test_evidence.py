import pytest

from reports import write_reports
from tests.reports.samples import write_sample


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda picture: picture.unlink(), "is missing from the record"),
        (lambda picture: picture.write_bytes(picture.read_bytes()[:-1] + b"\0"), "does not match its recorded SHA-256"),
    ],
)
def test_a_missing_or_altered_picture_is_said_and_not_shown(spoil, sentence, tmp_path):
    write_sample("passed-en", tmp_path)
    before = write_reports(tmp_path).html.read_text(encoding="utf-8").count('<use href="#i')
    spoil(tmp_path / "evidence" / "0002-screenshot.png")
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    assert sentence in html
    assert "3 of 4 files verified (SHA-256)" in html
    assert html.count('<use href="#i') < before


@pytest.mark.parametrize("path", ["../secret.png", "/etc/hostname", "evidence/../journal.jsonl", "evidence/link"])
def test_a_path_that_leads_out_of_the_record_is_never_opened(path, tmp_path):
    record = tmp_path / "record"
    write_sample("passed-en", record)
    (tmp_path / "secret.png").write_bytes((record / "evidence" / "0002-screenshot.png").read_bytes())
    (record / "evidence" / "link").symlink_to(tmp_path / "secret.png")
    journal = record / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace("evidence/0002-screenshot.png", path))
    assert "is outside the record. It was not opened." in write_reports(record).html.read_text(encoding="utf-8")
