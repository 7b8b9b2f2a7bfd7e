import pytest

from reports.charts import recoveries, split
from reports.charts.drawing import LEFT, RIGHT, text_width
from tests.reports.journals import probed
from tests.reports.measured import varied, write_measured
from words import words_of


def bar_of(folder, language="en"):
    drill, found, site = probed(folder)
    (recovery,) = recoveries.of_drill(drill, found, site)
    return split.lay_out(recovery, found, words_of(language))


def test_a_recovery_is_cut_at_its_milestones(tmp_path):
    write_measured("measured-en", tmp_path)
    picture = bar_of(tmp_path)
    assert [flag.label for flag in picture.flags] == [
        "Fault",
        "Detected",
        "Decided",
        "Started",
        "Technically up",
        "Users served",
    ]
    assert [(line.name, line.took) for line in picture.stretches] == [
        ("Fault → Detected", "29 s – 31 s"),
        ("Detected → Decided", "5 min 3 s – 5 min 7 s"),
        ("Decided → Started", "3.7 s – 13 s"),
        ("Started → Technically up", "7.1 s – 21 s"),
        ("Technically up → Users served", "1 min 33 s – 1 min 44 s"),
    ]
    assert picture.stretches[2].witness == "REPLICA reports the guest as running"
    assert dict(picture.sums)["Human time"] == "0 s"
    assert picture.rows[2].bars == ()


@pytest.mark.parametrize(
    ("rto", "beyond", "inside"), [(300.0, False, True), (600.0, False, False), (36000.0, True, False)]
)
def test_the_objective_stands_against_the_outage(rto, beyond, inside, tmp_path):
    varied("measured-en", tmp_path, rto=rto)
    picture = bar_of(tmp_path)
    outage = picture.rows[1].bars
    assert picture.objective.beyond is beyond
    assert (picture.objective.x < max(bar.x + bar.width for bar in outage)) is inside
    assert picture.objective.x <= RIGHT


def test_without_an_objective_there_is_no_line(tmp_path):
    varied("measured-en", tmp_path, rto=None)
    assert bar_of(tmp_path).objective is None


def test_time_that_people_took_stands_apart(tmp_path):
    varied("measured-en", tmp_path, called=(140.0, 240.0))
    picture = bar_of(tmp_path)
    assert dict(picture.sums)["Human time"] == "1 min 38 s – 1 min 40 s"
    assert [bar.style for bar in picture.rows[2].bars] == ["people", "edge"]


def test_a_pause_by_intention_has_a_share_of_its_own(tmp_path):
    for name, held in (("plain", None), ("held", (150.0, 200.0))):
        (tmp_path / name).mkdir()
        varied("measured-en", tmp_path / name, held=held)
    plain, held = bar_of(tmp_path / "plain"), bar_of(tmp_path / "held")
    assert len(plain.rows) == 3
    assert held.rows[3].name == "Deliberate pauses"
    assert [bar.style for bar in held.rows[3].bars] == ["people"]
    assert list(dict(held.sums)) == [
        "From cause to users served",
        "Human time",
        "Deliberate pauses",
        "Machine time",
        "Outage",
    ]
    assert dict(held.sums)["Deliberate pauses"] == "50 s"
    whole, machine = (dict(held.sums)[name] for name in ("From cause to users served", "Machine time"))
    assert (whole, dict(plain.sums)["Machine time"]) == (dict(plain.sums)["From cause to users served"], whole)
    assert machine == "6 min 43 s – 6 min 49 s"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_bars_of_a_recovery_lie_within_the_picture(measured, language):
    drill, found, site = measured
    for recovery in recoveries.of_drill(drill, found, site):
        picture = split.lay_out(recovery, found, words_of(language))
        for row in picture.rows:
            assert text_width(row.name) < LEFT
            for bar in row.bars:
                assert bar.x >= LEFT
                assert bar.x + bar.width <= RIGHT + 2
