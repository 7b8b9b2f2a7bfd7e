import re

from tests.reports.journals import rewritten
from tests.reports.pages import page_of, part, shown
from tests.reports.samples import write_sample


def test_pictures_before_and_after_are_of_one_page_or_not_set_side_by_side(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    pair = part(html, '<div class="pair">', "</section>")
    assert re.findall(r"<h4>([^<]+)", pair) == ["Before", "After"]
    assert len(re.findall("<use ", pair)) == 2
    rewritten(
        tmp_path,
        lambda entry: (
            entry | {"address": f"{entry['address']}/{entry['id']}"} if entry["what"] == "evidence" else entry
        ),
    )
    assert "Garoon before and after" not in shown(page_of(tmp_path)[1])
