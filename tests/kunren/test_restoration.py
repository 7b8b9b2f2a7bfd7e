"""A drill that passes on a lab that is not as it was afterwards: exit code 5, unless permitted by the site file."""

import re

import pytest

from tests.kunren.conftest import SIMULATED, drill_without_browser

CLEAN = "4-1-clean-switchover"
LEFT = {
    "switch-vanishes": "REPLICA switch/検証ネットワーク: External → —",
    "engine-left-stopped": "MASTER service/CAARCserveRHAEngine: running → stopped",
    "test-guest-left": "REPLICA/Garoon: — → off (テスト内部ネットワーク)",
    "scenario-stays": "RHA/CybozuGaroonHyper-V: — → stopped (master to replica)",
}


def subjects(lines):
    return [line.partition(": ")[0] for line in lines]


def site(folder, *, mutations, may_differ=()):
    """The simulated site, misbehaving; its last table is [simulation]."""
    text = SIMULATED.read_text(encoding="utf-8") + f"mutations = {list(mutations)}\n"
    file = folder / "site.toml"
    permitted = f"[restoration]\nmay_differ = {list(may_differ)}\n\n[simulation]"
    file.write_text(text.replace("[simulation]", permitted), encoding="utf-8")
    return file


@pytest.mark.browser
def test_whatever_is_left_behind_is_named_and_the_exit_code_is_5_unless_all_is_permitted(tmp_path):
    permitted, *others = LEFT.values()
    lab = site(tmp_path, mutations=[*LEFT, "entries-stay"], may_differ=subjects([permitted]))
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", lab)
    assert run.code == 5, run.stdout + run.stderr
    assert run.not_passed() == []
    [end] = run.entries("restore.ended")
    [first, second, canaries, *left] = sorted(end["differences"])
    assert all(entry.startswith("Garoon/訓練 2012-09-25 ") for entry in (first, second))
    assert re.fullmatch(r"Garoon: 0 → [1-9]\d* canary entries not removed", canaries)
    assert sorted(left) == sorted(others)
    assert (end["restored"], end["permitted"]) == (False, [permitted])
    assert "verdict: passed, lab not restored" in run.stdout
    assert all(difference in run.stdout for difference in end["differences"])
    assert f"{permitted}  permitted by the site file" in run.stdout


@pytest.mark.browser
@pytest.mark.controls
def test_what_the_site_file_permits_is_still_told_and_does_not_count(tmp_path):
    permitted = site(tmp_path, mutations=LEFT, may_differ=subjects(LEFT.values()))
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", permitted)
    assert run.code == 0, run.stdout + run.stderr
    [end] = run.entries("restore.ended")
    assert (end["restored"], end["differences"]) == (True, [])
    assert sorted(end["permitted"]) == sorted(LEFT.values())
    assert all(f"{difference}  permitted by the site file" in run.stdout for difference in end["permitted"])


@pytest.mark.browser
@pytest.mark.controls
def test_what_is_not_permitted_counts_beside_what_is(tmp_path):
    *some, last = LEFT.values()
    run = drill_without_browser(
        tmp_path / "record", CLEAN, "--site", site(tmp_path, mutations=LEFT, may_differ=subjects(some)), "--lang", "ja"
    )
    assert run.code == 5, run.stdout + run.stderr
    [end] = run.entries("restore.ended")
    assert end["restored"] is False
    assert [each.partition(" → ")[0] for each in end["differences"]] == [last.partition(" → ")[0]]
    assert "サイト ファイルで許容されています" in run.stdout


@pytest.mark.browser
@pytest.mark.controls
@pytest.mark.parametrize("mutation", ["control-service-left-stopped", "guest-unplugged"])
def test_a_lab_that_cannot_be_read_or_garoon_that_cannot_be_asked_is_not_restored(mutation, tmp_path):
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", site(tmp_path, mutations=[mutation]))
    assert run.code == 5, run.stdout + run.stderr
    [end] = run.entries("restore.ended")
    if mutation == "guest-unplugged":
        assert end["restored"] is False
        assert end["differences"][-2:] == [
            "MASTER/Garoon: running (本番ネットワーク) → running (—)",
            "Garoon: 0 → 1 canary entries not removed",
        ]
        assert all(each.startswith("Garoon/訓練 ") for each in end["differences"][:-2])
    else:
        assert end["restored"] is False, "that the service has stopped is seen, whatever it does not tell"
        assert [each for each in end["differences"] if each.startswith("the lab could not be read: ")] != []


def test_a_subject_no_comparison_prints_is_a_mistake_in_the_site_file(tmp_path):
    run = drill_without_browser(
        tmp_path / "record", CLEAN, "--site", site(tmp_path, mutations=[], may_differ=["DC1 on REPLICA"])
    )
    assert run.code == 2
    assert len(run.stderr.splitlines()) == 1
    assert (
        "restoration.may_differ has 'DC1 on REPLICA', which no comparison of states prints; write it as" in run.stderr
    )
    assert not run.folder.exists()


@pytest.mark.browser
def test_the_clocks_are_compared_before_and_after_the_drill(clean_switchover):
    offsets = clean_switchover.entries("clock.offset")
    assert [(each["host"], each["moment"]) for each in offsets] == [
        ("MASTER", "before"),
        ("REPLICA", "before"),
        ("MASTER", "after"),
        ("REPLICA", "after"),
    ]
    assert all(abs(each["offset_ms"]) <= each["within_ms"] < 250 for each in offsets)


@pytest.mark.browser
@pytest.mark.controls
def test_a_drill_between_clocks_that_are_off_passes_and_measures_by_how_much(tmp_path):
    skewed = tmp_path / "site.toml"
    skews = {"MASTER": 0.7, "REPLICA": -3.25}
    lines = "".join(f"{host} = {skew}\n" for host, skew in skews.items())
    skewed.write_text(f"{SIMULATED.read_text(encoding='utf-8')}[simulation.clock_skew_seconds]\n{lines}", "utf-8")
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", skewed)
    assert run.code == 0, run.stdout + run.stderr
    offsets = run.entries("clock.offset")
    assert len(offsets) == 4
    assert all(abs(1000 * skews[each["host"]] - each["offset_ms"]) <= each["within_ms"] for each in offsets)
    notes = [note["text"] for note in run.entries("note")]
    told = re.compile(r"The clock of REPLICA is 3\.[1-4] s behind the controller clock \(± 0\.[0-2] s\)\.")
    assert [bool(told.fullmatch(note)) for note in notes] == [True, True], notes
