"""What a search says of the profile's operations, and which of them a site may then use."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from lab.errors import SiteError
from lab.model.findings import FoundCommand, FoundParameter, FoundService, Holder, Offer, ParameterSet, Traces
from lab.model.hosts import HostFacts
from lab.site.discovery import read_discovery, usable_operations
from lab.site.discovery_writing import Search, discovery_text, site_profile_text
from lab.site.profile import Connection, load_profile
from lab.site.verdicts import Usable, Verdict, judge, judge_names
from words import Quoted

PROFILE = load_profile("arcserve_rha")


def command(name, *sets, holder="RHA"):
    """Each set a text of its parameters, of which `*` marks those that must be given."""
    known = (
        ParameterSet(tuple(FoundParameter(each.strip("*"), "String", each.startswith("*")) for each in one.split()))
        for one in (sets or ("",))
    )
    return FoundCommand(name, holder, tuple(known))


def offer(*commands, bits=64, others=(), refusal=None):
    found = {"snap_ins": (), "modules": (), "commands": commands, "others": others, "failures": ()}
    return Offer(bits=bits, version="5.1", refusal=refusal, **found)


def searched(*offers, host="REPLICA"):
    return Search(
        host=host,
        time=datetime(2026, 1, 2, tzinfo=UTC),
        kunren="0",
        offers=offers,
        traces=(),
        usable=Usable.of(PROFILE, offers),
    )


def judged(name, *offers):
    return next(each for each in judge(PROFILE, offers) if each.operation == name)


def usable(tmp_path, *offers):
    file = tmp_path / "discovery.json"
    file.write_text(discovery_text(searched(*offers)), encoding="utf-8")
    return usable_operations(PROFILE, read_discovery(file))


@pytest.mark.parametrize(
    ("sets", "verdict", "why"),
    [
        (["*Name Host"], Verdict.CONFIRMED, ""),
        (["name"], Verdict.CONFIRMED, ""),
        (["Other", "*Name"], Verdict.CONFIRMED, ""),
        (["*Name *Force"], Verdict.DIFFERENT, "it also requires -Force"),
        (["Scenario"], Verdict.DIFFERENT, "it has no parameter -Name"),
        ([""], Verdict.DIFFERENT, "it has no parameter -Name"),
    ],
)
def test_a_command_confirms_only_if_one_parameter_set_takes_what_is_given(tmp_path, sets, verdict, why):
    there = offer(command("STOP-Scenario", *sets))
    found = judged("stop_scenario", there)
    assert found.verdict is verdict
    assert why in str(found.told)
    assert ("stop_scenario" in usable(tmp_path, there)) is (verdict is Verdict.CONFIRMED)


def test_parameters_of_two_sets_are_not_taken_together():
    assert judged("suspend_scenario", offer(command("Suspend-Scenario", "Name", "Host"))).verdict is Verdict.DIFFERENT


def test_services_and_the_event_provider_are_looked_for_by_the_names_of_the_profile():
    facts = HostFacts(name="R", os="", os_version="", powershell_version="", boot_time="", clock="")
    engine = FoundService(name="caarcserverhaengine", display_name="", running=True, account="", path="", version="")
    home = Traces(host="R", facts=facts, services=(engine,), providers=(), ports=())
    found = judge_names(PROFILE, (home, replace(home, host="M", services=())), ("R", "M"))
    assert [(each.what, each.host, each.there) for each in found] == [
        ("engine_service", "R", True),
        ("engine_service", "M", False),
        ("control_service", "R", False),
        ("event_provider", "R", False),
    ]


def test_what_kunren_cannot_use_confirms_nothing(tmp_path):
    elsewhere = offer(command("Stop-Scenario", "Name"), bits=32, refusal=Quoted("it does not start"))
    foreign = offer(others=(command("Stop-Scenario", "Name", holder="Other"),))
    told = str(judged("stop_scenario", offer(), elsewhere).told)
    assert "only in the PowerShell with 32 bits, in which Kunren cannot work" in told
    assert "belongs to Other" in str(judged("stop_scenario", foreign).told)
    for offers in ((offer(), elsewhere), (foreign,)):
        assert judged("stop_scenario", *offers).verdict is Verdict.DIFFERENT
        assert usable(tmp_path, *offers) == frozenset()


def test_commands_of_32_bits_are_used_where_a_resident_starts_and_64_have_none(tmp_path):
    narrow, wide = offer(command("Stop-Scenario", "Name"), bits=32), offer(command("Run-Scenario", "Name"))
    assert usable(tmp_path, offer(), narrow) == {"stop_scenario"}
    assert read_discovery(tmp_path / "discovery.json").bits == 32
    assert usable(tmp_path, wide, narrow) == frozenset()
    assert read_discovery(tmp_path / "discovery.json").bits == 64
    assert "only in the PowerShell with 32 bits" in str(judged("stop_scenario", wide, narrow).told)


def test_a_command_of_two_snap_ins_confirms_nothing_until_the_profile_names_one(tmp_path):
    both = offer(command("Stop-Scenario", "Name", holder="A"), command("stop-scenario", "Name", holder="B"))
    found = judged("stop_scenario", both)
    assert found.verdict is Verdict.DIFFERENT
    assert "have it (A, B)" in str(found.told)
    assert usable(tmp_path, both) == frozenset()
    chosen = replace(PROFILE, snap_ins=("b",))
    assert Usable.of(chosen, (both,)).commands == (both.commands[1],)


CONNECTION = Connection(command="Connect-It", parameters={"host": "Host", "credential": "Login"}, values={"Mode": "x"})


@pytest.mark.parametrize(
    ("type_", "sets", "verdict", "why"),
    [
        ("PSCredential", ["*Host *Login Mode"], Verdict.CONFIRMED, ""),
        ("String", ["*Host *Login Mode"], Verdict.DIFFERENT, "-Login does not take a PSCredential"),
        ("PSCredential", ["*Host *Login Mode *Port"], Verdict.DIFFERENT, "also requires -Port"),
        ("PSCredential", ["*Host *Login"], Verdict.DIFFERENT, "no parameter -Mode"),
    ],
)
def test_a_connection_is_confirmed_only_with_a_login_that_is_no_text(tmp_path, type_, sets, verdict, why):
    known = command("connect-it", *sets)
    known = replace(
        known,
        sets=tuple(
            ParameterSet(tuple(replace(each, type=type_) if each.name == "Login" else each for each in one.parameters))
            for one in known.sets
        ),
    )
    there = offer(known, command("Stop-Scenario", "Name"))
    profile = replace(PROFILE, connection=CONNECTION)
    found = judge(profile, (there,))[0]
    assert (found.operation, found.verdict) == ("connect", verdict)
    assert why in str(found.told)
    file = tmp_path / "discovery.json"
    file.write_text(discovery_text(searched(there)), encoding="utf-8")
    wanted = {"stop_scenario"} if verdict is Verdict.CONFIRMED else set()
    assert usable_operations(profile, read_discovery(file)) == wanted


def test_without_a_search_nothing_is_used_that_needs_a_connection():
    assert usable_operations(replace(PROFILE, connection=CONNECTION), None) == frozenset()


def test_a_profile_with_an_unknown_parameter_of_the_connection_is_refused():
    with pytest.raises(ValidationError):
        Connection(command="Connect-It", parameters={"password": "Password"})


def test_other_candidates_and_similar_names_are_near_and_never_used(tmp_path):
    there = offer(command("Get-Stats", "Name"), command("Get-XScenario", "Name"), command("Stop-Scenario", "Name"))
    assert [each.name for each in judged("statistics", there).nearest] == ["Get-Stats"]
    assert [each.name for each in judged("list_scenarios", there).nearest] == ["Get-XScenario"]
    assert judged("prepare_reboot", there).verdict is Verdict.MISSING
    assert usable(tmp_path, there) == {"stop_scenario"}


def test_what_a_search_has_not_found_is_not_used_though_a_vendor_shows_it(tmp_path):
    assert usable_operations(PROFILE, None) == {"suspend_scenario", "prepare_reboot"}
    assert usable(tmp_path, offer()) == frozenset()


def test_only_snap_ins_that_hold_a_usable_command_are_to_be_loaded():
    snap_ins = tuple(Holder(name, "1", "") for name in ("rha", "Broken"))
    there = replace(offer(command("Stop-Scenario", "Name")), snap_ins=snap_ins)
    other = replace(offer(command("Run-Scenario", holder="Old"), bits=32), snap_ins=(Holder("Old", "1", ""),))
    assert json.loads(discovery_text(searched(there, other)))["snap_ins"] == ["rha"]


def test_a_profile_has_what_was_found_as_comments_that_nothing_ends(tmp_path):
    there = offer(command("Get-Scenario\nx=1\u2028y", "Name"))
    text = site_profile_text("arcserve_rha", searched(there, host="A\nb = 3"), judge(PROFILE, (there,)), "ja")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert "\n# 近いもの: Get-Scenario\n# x=1\n# y -Name\n" in text
    assert load_profile("mine.toml", tmp_path) == PROFILE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "has version 2, which this Kunren does not know"),
        ({"version": None}, "was changed after it was written"),
        ({"bits": "64"}, "bits is not as `kunren discover` writes it"),
        ({"host": "OTHER"}, "was changed after it was written"),
        ({"sets": {"Stop-Scenario": []}}, "was changed after it was written"),
    ],
)
def test_another_version_and_a_changed_file_are_refused(tmp_path, change, said):
    file = tmp_path / "discovery.json"
    content = json.loads(discovery_text(searched(offer(command("Stop-Scenario", "Name")))))
    file.write_text(json.dumps(content), encoding="utf-16")
    assert read_discovery(file).host == "REPLICA"
    file.write_text(json.dumps({**content, **change}), encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        read_discovery(file)
    assert said in str(caught.value)
