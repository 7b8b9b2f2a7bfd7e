"""What is looked at before a drill and once the lab has been put back, at how many calls, and what that can notice."""

from collections import Counter
from dataclasses import replace

import pytest

from drills.preconditions import Preconditions
from drills.readiness import Findings, LabNotReady
from lab.errors import AuthenticationRefused, HostUnreachable
from lab.logins import RefusedLogins
from lab.model.hosts import HostRole
from lab.model.replication import NetworkMapping, ScenarioPlan
from lab.model.state import differences
from lab.ports import ControlHost
from lab.simulator.mutations.catalogue import LEFTOVERS
from words import Quoted

NOTICED = {
    "switch-vanishes": "REPLICA switch/検証ネットワーク: External → —",
    "engine-left-stopped": "MASTER service/CAARCserveRHAEngine: running → stopped",
    "test-guest-left": "REPLICA/Garoon: — → off (テスト内部ネットワーク)",
    "guest-unplugged": "MASTER/Garoon: running (本番ネットワーク) → running (—)",
    "scenario-stays": "RHA/CybozuGaroonHyper-V: — → being edited (master to replica)",
}
NOTICED_ELSEWHERE = {"entries-stay", "control-service-left-stopped"}
"""In Garoon, where a drill has written, and by a lab that cannot be read: tests/kunren/test_restoration.py."""


def there_and_back(site, lab):
    subject = site.subject
    lab.rha.wizard.create(
        ScenarioPlan(
            name=subject.scenario,
            master=subject.master,
            replica=subject.replica,
            guests=(subject.guest,),
            network_mapping=(NetworkMapping("本番ネットワーク", "本番ネットワーク"),),
        )
    )
    lab.rha.wizard.remove(subject.scenario)


def test_a_lab_that_is_put_back_is_as_it_was(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    before = surveyor.check(clocks, Findings())
    there_and_back(site, lab)
    assert differences(before, surveyor.survey()) == ()


@pytest.mark.parametrize("leftover", NOTICED)
def test_each_leftover_is_the_one_difference(leftover, simulated_lab, survey):
    site, lab = simulated_lab(f'mutations = ["{leftover}"]\n')
    surveyor, clocks = survey(site, lab)
    before = surveyor.check(clocks, Findings())
    there_and_back(site, lab)
    assert [str(each) for each in differences(before, surveyor.survey())] == [NOTICED[leftover]]


def test_every_leftover_is_tried_here_or_by_a_whole_drill():
    assert NOTICED.keys() | NOTICED_ELSEWHERE == LEFTOVERS.keys()


class Calls(list):
    """The records of script calls."""

    called = list.append


def test_a_look_at_the_whole_lab_is_one_call_a_question(simulated_lab, survey):
    calls = Calls()
    site, lab = simulated_lab(observer=calls)
    surveyor, clocks = survey(site, lab)
    surveyor.check(clocks, Findings())
    assert Counter(each.host for each in calls) == {"MASTER": 4, "REPLICA": 5}
    surveyor.survey()
    assert Counter(each.host for each in calls) == {"MASTER": 7, "REPLICA": 9}


def test_the_services_that_matter_are_those_of_each_host(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    found = surveyor.check(clocks, Findings())
    assert {host: sorted(each.name for each in services) for host, services in found.services.items()} == {
        "MASTER": ["CAARCserveRHAEngine", "vmms"],
        "REPLICA": ["CAARCserveRHAControlService", "CAARCserveRHAEngine", "vmms"],
    }
    assert surveyor.not_installed(found) == ()
    assert surveyor.not_installed(replace(found, services={"MASTER": (), "REPLICA": found.services["REPLICA"]})) == (
        "MASTER service/vmms",
        "MASTER service/CAARCserveRHAEngine",
    )


def found_of(site, lab, surveyor, clocks, **needs):
    found = Findings()
    state = surveyor.check(clocks, found)
    wanted = {"needs": frozenset(), "changes": frozenset(), "disposable": True, **needs}
    found.add(*Preconditions(subject=surveyor.subject, **wanted).unmet(state))
    return found


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"master": "PRODUCTION"},
            [
                (
                    "The master host calls itself MASTER, the site file PRODUCTION: correct hosts.master.name, or, if "
                    "MASTER is a virtual machine, give the physical host's winrm address (guide 3.N5)."
                )
            ],
        ),
        (
            {"master": "REPLICA", "replica": "MASTER"},
            [
                "The master host calls itself MASTER, which is the name of hosts.replica",
                "The replica host calls itself REPLICA, which is the name of hosts.master",
            ],
        ),
        ({"guest": "DC1"}, ["The guest DC1 runs on neither host"]),
        (
            {"guest": "DC1", "replica": "SPARE"},
            ["The replica host calls itself REPLICA, the site file SPARE", "The guest DC1 runs on neither host"],
        ),
    ],
)
def test_everything_that_is_not_as_the_site_file_says_is_told_at_once(changed, said, simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    surveyor = replace(surveyor, subject=replace(site.subject, **changed))
    found = found_of(site, lab, surveyor, clocks)
    assert len(found.sentences) == len(said)
    assert all(str(sentence).startswith(each) for sentence, each in zip(found.sentences, said, strict=True))
    with pytest.raises(LabNotReady) as refused:
        found.require_none()
    assert refused.value.findings == tuple(found.sentences)


def test_a_host_of_another_name_keeps_what_was_begun_elsewhere_from_being_undone(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, _ = survey(site, lab)
    surveyor.require_own_names()
    exchanged = replace(surveyor, subject=replace(site.subject, master="REPLICA", replica="MASTER"))
    with pytest.raises(LabNotReady, match="are exchanged in the site file"):
        exchanged.require_own_names()


def test_two_entries_that_lead_to_one_windows_are_told_as_that_alone(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    master = lab.hosts[HostRole.MASTER]
    twice = replace(surveyor, hosts=dict.fromkeys(HostRole, master))
    found, told = Findings(), "hosts.master and hosts.replica of the site file lead to one Windows, which calls itself"
    assert twice.check(clocks, found) is None
    assert [str(each).startswith(f"{told} MASTER: ") for each in found.sentences] == [True]
    with pytest.raises(LabNotReady, match=told):
        twice.require_own_names()
    control = ControlHost(name="CONTROL", windows=master.windows, services=(), apart=True)
    with pytest.raises(
        LabNotReady, match=r"hosts\.master and hosts\.control of the site file lead to one Windows, .*: if the Con"
    ):
        replace(surveyor, apart=control).require_own_names()


@pytest.mark.parametrize(("place", "told"), [("MASTER", 1), ("REPLICA", 2)])
def test_a_login_that_is_not_tried_again_at_the_same_place_is_told_once(place, told):
    found, logins = Findings(), RefusedLogins()
    refusal = AuthenticationRefused(Quoted("MASTER does not accept the login."))
    logins.refused("MASTER", "EXAMPLE\\svc", refusal)
    with found.collecting():
        raise refusal
    with found.collecting():
        logins.check(place, "EXAMPLE\\svc")
    assert len(found.sentences) == told
    assert found.login_refused


def test_what_others_may_come_of_is_told_first():
    found = Findings()
    found.add(Quoted("The guest is elsewhere."))
    found.add_first(Quoted("A run has died."))
    assert [str(each) for each in found.sentences] == ["A run has died.", "The guest is elsewhere."]


def with_master(surveyor, windows):
    master = replace(surveyor.hosts[HostRole.MASTER], windows=windows)
    return replace(surveyor, hosts={**surveyor.hosts, HostRole.MASTER: master})


def test_a_host_that_cannot_be_asked_does_not_keep_the_other_from_being_asked(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    refusal = AuthenticationRefused(Quoted("MASTER refuses the login."), host="MASTER")

    class Refusing:
        def services(self, _names):
            raise refusal

    surveyor = replace(with_master(surveyor, Refusing()), subject=replace(site.subject, replica="SPARE"), home="SPARE")
    found = Findings()
    assert surveyor.check(clocks, found).machines == {}
    assert surveyor.heard == {"SPARE"}
    assert replace(surveyor, home="MASTER").check(clocks, Findings()) is None, "it is not asked again"
    assert found.login_refused
    assert [str(each).split(",")[0] for each in found.sentences] == [
        "MASTER refuses the login.",
        "The replica host calls itself REPLICA",
    ]


def test_hosts_that_list_nothing_to_a_login_without_rights_say_so(simulated_lab, survey):
    site, lab = simulated_lab("unprivileged = true\n")
    surveyor, clocks = survey(site, lab)
    state = surveyor.check(clocks, Findings())
    said = list(map(str, surveyor.lacking_rights(state)))
    assert said
    assert all("may not manage Hyper-V, which lists no virtual machine to it" in each for each in said)


def test_rights_are_not_asked_for_where_the_guest_is_seen(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    assert list(surveyor.lacking_rights(surveyor.check(clocks, Findings()))) == []


def test_what_of_a_lab_answers_is_compared_though_a_host_does_not(simulated_lab, survey):
    site, lab = simulated_lab('mutations = ["scenario-stays"]\n')
    surveyor, clocks = survey(site, lab)
    before = surveyor.check(clocks, Findings())
    there_and_back(site, lab)

    class Silent:
        def services(self, _names):
            raise HostUnreachable(Quoted("MASTER does not answer."))

    surveyor = with_master(surveyor, Silent())
    read = surveyor.survey_what_answers(before)
    assert list(map(str, read.unread)) == ["MASTER does not answer."]
    assert [str(each) for each in differences(read.before, read.now)] == [NOTICED["scenario-stays"]]
    assert read.now.machines.keys() == {"REPLICA"}
