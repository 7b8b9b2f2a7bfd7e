"""RHA's manager of a served lab: people do on its page what they are asked for, and read there what has come of it."""

import re
import time
from html import unescape

import pytest
import requests

from lab.simulator.hosts.inventory import SCENARIO_NAME
from lab.simulator.manager_page import ENTERED, FAULTS, ManagerPage
from lab.simulator.serving import SimulatedLab
from lab.site.simulation import SimulationSettings


class Person(requests.Session):
    def __init__(self, page):
        super().__init__()
        self.trust_env = False
        self.url = page.url

    def sees(self, language="ja"):
        return unescape(self.get(f"{self.url}?lang={language}", timeout=10).text)

    def does(self, operation, **changed):
        """Opens the form, changes what is named, and sends it: what the page says then."""
        form = self.get(f"{self.url}{operation}", timeout=10).text
        fields = dict(re.findall(r'<input id="\w+" name="(\w+)" value="([^"]*)"', form))
        fields |= dict(re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>([^<]*)<', form))
        fields |= dict(re.findall(r'<select id="\w+" name="(\w+)"><option value="([^"]*)"', form))
        assert fields.keys() == set(ENTERED.get(operation, ()))
        said = self.post(f"{self.url}{operation}", data=fields | changed, timeout=10)
        return re.search(r'role="status">([^<]*)<', unescape(said.text))[1]


@pytest.fixture(scope="module")
def person():
    lab = SimulatedLab(SimulationSettings(seed=1, disk_gib=1), speed=600)
    page = ManagerPage(lab, "ja")
    with Person(page) as person:
        yield person
    page.close()
    lab.close()


def test_a_scenario_is_created_run_and_switched_over_by_hand_and_what_is_refused_is_told(person):
    assert SCENARIO_NAME not in person.sees()
    assert person.does("switch_over").startswith("スイッチオーバーの実行: 拒否されました")
    assert person.does("create_scenario", assured_recovery="True").startswith("シナリオの作成: 受け付けました")
    assert "<td>編集中</td>" in person.sees()
    person.does("run_scenario")
    until(lambda: "<td>実行中</td>" in person.sees())
    assert "start of reverse replication" in person.sees("en")
    times = re.findall(r"<td>(\d{4}.\d\d.\d\d[^<]*)</td>", person.sees())
    assert len(times) > 3
    assert {re.sub(r"\d", "9", each) for each in times} == {"9999/99/99 99:99:99"}, (
        "one way to write them in all windows"
    )
    person.does("switch_over")
    until(lambda: "スイッチオーバーが完了しました。" in person.sees())


def test_it_speaks_the_language_of_the_browser_until_another_is_chosen(person):
    english, french = {"Accept-Language": "en-US,en;q=0.9"}, {"Accept-Language": "fr"}
    assert "<h2>Events, the newest first</h2>" in person.get(person.url, headers=english, timeout=10).text
    assert "イベント（新しい順）" in person.get(f"{person.url}?lang=ja", headers=english, timeout=10).text
    assert "イベント（新しい順）" in person.get(person.url, headers=french, timeout=10).text


def test_a_fault_is_brought_about_by_hand(person):
    assert "line_cut" in FAULTS
    assert "受け付けました" in person.does("line_cut")


@pytest.mark.parametrize("path", ["", "favicon.ico", "guess/", "guess/switch_over"])
def test_who_does_not_know_its_address_sees_and_does_nothing(person, path):
    origin = "/".join(person.url.split("/")[:3])
    assert person.get(f"{origin}/{path}", timeout=10).status_code == 404
    assert person.post(f"{origin}/{path}", data={"name": SCENARIO_NAME}, timeout=10).status_code == 404


def test_there_is_no_other_operation(person):
    assert person.post(f"{person.url}format_disk", data={}, timeout=10).status_code == 404


def until(condition, within=30.0):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
