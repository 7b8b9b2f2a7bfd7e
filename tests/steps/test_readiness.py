"""What is looked at before a drill and once the lab has been put back, at how many calls, and what that can notice."""

from dataclasses import replace

import pytest

from lab.model.hosts import HostRole
from lab.model.replication import NetworkMapping, ScenarioPlan
from lab.model.state import differences
from lab.simulator.leftovers import LEFTOVERS
from steps.readiness import LabNotReady

NOTICED = {
    "switch-vanishes": "REPLICA switch/検証ネットワーク: External → —",
    "engine-left-stopped": "MASTER service/CAARCserveRHAEngine: running → stopped",
    "test-guest-left": "REPLICA/Garoon: — → Off (テスト内部ネットワーク)",
    "guest-unplugged": "MASTER/Garoon: Running (本番ネットワーク) → Running (—)",
    "scenario-stays": "RHA/CybozuGaroonHyper-V: — → editing (forward)",
}
NOTICED_ELSEWHERE = {"entries-stay", "control-service-left-stopped"}
"""In Garoon, where a drill has written, and by a lab that cannot be read: tests/kunren/test_restoration.py."""


def there_and_back(site, lab):
    subject = site.subject
    lab.wizard.create(
        ScenarioPlan(
            name=subject.scenario,
            master=subject.master,
            replica=subject.replica,
            guests=(subject.guest,),
            network_mapping=(NetworkMapping("本番ネットワーク", "本番ネットワーク"),),
        )
    )
    lab.wizard.remove(subject.scenario)


def test_a_lab_that_is_put_back_is_as_it_was(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    before = surveyor.look_over(clocks)
    there_and_back(site, lab)
    assert differences(before, surveyor.survey()) == ()


@pytest.mark.parametrize("leftover", NOTICED)
def test_each_leftover_is_the_one_difference(leftover, simulated_lab, survey):
    site, lab = simulated_lab(f'mutations = ["{leftover}"]\n')
    surveyor, clocks = survey(site, lab)
    before = surveyor.look_over(clocks)
    there_and_back(site, lab)
    assert [str(each) for each in differences(before, surveyor.survey())] == [NOTICED[leftover]]


def test_every_leftover_is_tried_here_or_by_a_whole_drill():
    assert NOTICED.keys() | NOTICED_ELSEWHERE == LEFTOVERS.keys()


def test_a_look_at_the_whole_lab_is_one_call_a_question(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    surveyor.look_over(clocks)
    assert [lab.sessions[role].tally.calls for role in HostRole] == [4, 5]
    surveyor.survey()
    assert [lab.sessions[role].tally.calls for role in HostRole] == [7, 9]


def test_the_services_that_matter_are_those_of_each_host(simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    found = surveyor.look_over(clocks)
    assert {host: sorted(each.name for each in services) for host, services in found.services.items()} == {
        "MASTER": ["CAARCserveRHAEngine", "vmms"],
        "REPLICA": ["CAARCserveRHAControlService", "CAARCserveRHAEngine", "vmms"],
    }
    assert surveyor.not_installed(found) == ()
    assert surveyor.not_installed(replace(found, services={"MASTER": (), "REPLICA": found.services["REPLICA"]})) == (
        "MASTER service/vmms",
        "MASTER service/CAARCserveRHAEngine",
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"master": "PRODUCTION"}, "The master host calls itself MASTER, the site file PRODUCTION"),
        ({"guest": "DC1"}, "The guest DC1 runs on neither host"),
    ],
)
def test_a_lab_that_is_not_the_site_files_is_not_ready(changed, said, simulated_lab, survey):
    site, lab = simulated_lab()
    surveyor, clocks = survey(site, lab)
    with pytest.raises(LabNotReady, match=said):
        replace(surveyor, subject=replace(site.subject, **changed)).look_over(clocks)
