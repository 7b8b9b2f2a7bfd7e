"""The driver for what guests tell of themselves: one XML instance an item, from an untrusted machine."""

import pytest

from lab.drivers.guest import IntegrationServices
from lab.errors import AnswerUnreadable
from lab.model.hosts import GuestSystem
from lab.model.limits import Limits
from tests.lab.scripted import ScriptedSession


def item(name, data):
    return (
        '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Caption" TYPE="string"></PROPERTY>'
        f'<PROPERTY NAME="Data" TYPE="string"><VALUE>{data}</VALUE></PROPERTY>'
        f'<PROPERTY NAME="Name" TYPE="string"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>'
    )


def name_of(answer):
    return IntegrationServices(ScriptedSession(answer), Limits()).computer_name("Garoon")


def test_the_name_is_found_among_the_items():
    assert name_of([item("OSName", "Windows"), item("FullyQualifiedDomainName", "cybozu.ca.com")]) == "cybozu.ca.com"


def test_a_silent_guest_has_no_name():
    assert name_of([]) is None
    assert name_of([item("OSName", "Windows")]) is None


def test_a_guest_tells_its_windows_and_its_integration_services():
    told = [
        item("OSName", "Windows Server 2008 R2"),
        item("CSDVersion", "Service Pack 1"),
        item("OSVersion", "6.1.7601"),
    ]

    def system(answer):
        return IntegrationServices(ScriptedSession(answer), Limits()).system("Garoon")

    found = system([*told, item("IntegrationServicesVersion", "6.3.9600.18907")])
    assert found == GuestSystem(
        os="Windows Server 2008 R2 Service Pack 1", os_version="6.1.7601", integration_services="6.3.9600.18907"
    )
    assert system([item("FullyQualifiedDomainName", "cybozu.ca.com")]) is None


@pytest.mark.parametrize(
    "answer",
    ["text", None, {"a": 1}, [""], ["<INSTANCE>"], [3], ['<!DOCTYPE x [<!ENTITY e "v">]><x>&e;</x>']],
)
def test_an_invalid_item_is_unreadable(answer):
    with pytest.raises(AnswerUnreadable, match="Get-GuestItem on MASTER"):
        name_of(answer)
