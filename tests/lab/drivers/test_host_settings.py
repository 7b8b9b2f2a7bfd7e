"""What a host tells of its settings, and what it does not."""

from datetime import date, timedelta

import pytest

from lab.drivers.host_settings import guest_hardware, host_settings
from lab.drivers.rows import Row
from lab.errors import AnswerUnreadable
from lab.model.hosts import Defender, Update
from words import Quoted

TOLD = {
    "Today": "2026-11-30",
    "Build": "14393.1",
    "Updates": [{"Name": "KB1", "Day": "2026-11-01"}, {"Name": "KB2", "Day": ""}],
    "Quotas": [{"Name": "MaxShellsPerUser", "Value": "30"}],
    "DefenderKnown": "True",
    "Defender": [{"RealTime": "True", "Paths": ["C:\\x"]}],
    "Addresses": [{"Address": "192.0.2.10", "Seconds": "60"}],
    "UpdatesUntold": "",
    "QuotasUntold": "",
    "DefenderUntold": "",
    "AddressesUntold": "",
}


def read(**changed):
    return host_settings(Row(TOLD | changed, Quoted("The answer")))


def test_what_is_told_is_read():
    found = read()
    assert found.updates == (Update(name="KB1", day=date(2026, 11, 1)), Update(name="KB2", day=None))
    assert found.quotas == {"MaxShellsPerUser": 30}
    assert found.defender == Defender(real_time=True, excluded=("C:\\x",))
    assert found.addresses == {"192.0.2.10": timedelta(minutes=1)}
    assert found.untold == {}


@pytest.mark.parametrize("part", ["Updates", "Quotas", "Defender", "Addresses"])
def test_what_is_not_told_is_none_with_its_reason(part):
    found = read(**{part: [], f"{part}Untold": "Access is denied."})
    assert getattr(found, part.lower()) is None
    assert found.untold == {part.lower(): "Access is denied."}


@pytest.mark.parametrize("said", ["N/A: Must be an administrator to view exclusions", "N/A: Administrators may not"])
def test_exclusions_that_are_hidden_are_not_told(said):
    found = read(Defender=[{"RealTime": "True", "Paths": [said]}])
    assert (found.defender, found.untold) == (None, {"defender": said})


@pytest.mark.parametrize(
    "changed",
    [
        {"Today": "today"},
        {"Today": None},
        {"Updates": [{"Name": "", "Day": ""}]},
        {"Updates": [{"Name": "KB1", "Day": "11/1/2026"}]},
        {"Quotas": [{"Name": "MaxShellsPerUser", "Value": "many"}]},
        {"Defender": [{"RealTime": "", "Paths": []}]},
        {"Addresses": [{"Address": "192.0.2.10", "Seconds": "-1"}]},
        {"Addresses": "192.0.2.10"},
    ],
)
def test_an_answer_that_is_not_as_promised_is_unreadable(changed):
    with pytest.raises(AnswerUnreadable):
        read(**changed)


COMPONENTS = [
    {"Id": "Microsoft:X\\84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47", "Name": "ハートビート", "Enabled": "True"},
    {"Id": "Microsoft:X\\00000000-0000-0000-0000-000000000000", "Name": "Neuer Dienst", "Enabled": "False"},
]


def test_a_disk_without_a_file_has_no_size():
    disk = {"Place": "IDE 0:0", "Path": "Disk 1", "Size": "", "Used": ""}
    row = {"Processors": "2", "MemoryBytes": "1024", "Generation": "1", "Disks": [disk], "Components": COMPONENTS}
    hardware = guest_hardware(Row(row, Quoted("The guest")))
    [found] = hardware.disks
    assert (found.size, found.used) == (None, None)
    assert hardware.components == {"heartbeat": True, "Neuer Dienst": False}, "named by their ids, or as the host does"
