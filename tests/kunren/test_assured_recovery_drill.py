"""Guide 6-1 as a drill: production is never touched, and the test guest is reached by no network."""

import pytest

from tests.kunren.conftest import PASSWORD_OF_A_LAB

pytestmark = pytest.mark.controls

POINTS = {"B1", "S1-S2", "S3", "S4", "S5", "S6", "S7-S8", "S9", "B2"}


@pytest.mark.browser
def test_the_drill_passes_and_the_lab_is_as_it_was(assured_recovery):
    assert assured_recovery.code == 0, assured_recovery.stdout + assured_recovery.stderr
    assert assured_recovery.not_passed() == []
    assert assured_recovery.entries("restore.ended")[0]["restored"] is True


@pytest.mark.browser
def test_every_point_of_the_section_has_a_chapter(assured_recovery):
    chapters = assured_recovery.entries("run.began")[0]["drills"][0]["chapters"]
    assert {point for chapter in chapters for point in chapter["guide"]} == {f"6-1.{name}" for name in POINTS}


@pytest.mark.browser
def test_the_guests_pages_came_through_the_host_and_left_no_secret(assured_recovery):
    carried = [call for call in assured_recovery.entries("call") if call["script"] == "Invoke-GuestRequest"]
    assert len(carried) > 20
    assert {call["host"] for call in carried} == {"REPLICA"}
    assert {call["outcome"] for call in carried} == {"answered"}
    assert any(address.startswith("http://localhost/") for address in pictured(assured_recovery))
    for path in assured_recovery.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not PASSWORD_OF_A_LAB.search(content), path
        assert b"CBSESSID" not in content, path


def pictured(run):
    return [entry["address"] for entry in run.entries("evidence") if entry["kind"] == "screenshot"]


@pytest.mark.browser
def test_a_page_with_its_style_sheet_takes_less_than_a_second(assured_recovery):
    carried = [call["wall_ms"] for call in assured_recovery.entries("call") if call["script"] == "Invoke-GuestRequest"]
    assert sum(sorted(carried)[-2:]) < 1000


@pytest.mark.browser
def test_the_guest_on_the_master_is_never_acted_on(assured_recovery):
    changed = [call for call in assured_recovery.entries("call") if call["changes"]]
    assert [call["script"] for call in changed if call["host"] == "MASTER"] == []
