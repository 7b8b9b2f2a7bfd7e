"""Which versions of the products a drill is about, noted once a drill where they can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from drills.observation import Observation, Writes
from journal.seen import ProductSeen
from lab.errors import LabError
from lab.model.subject import Subject
from lab.opening import Lab
from lab.ports import GaroonHealth
from words import sentence

ENGINE = "Arcserve RHA engine"
GAROON = "Garoon"


def note_products(lab: Lab, garoon: GaroonHealth, subject: Subject, observation: Observation, journal: Writes) -> None:
    """What cannot be asked, such as by a command that the site has not confirmed, is a note and no obstacle."""

    def engines() -> Iterable[tuple[str, str]]:
        return ((each.host, each.version) for each in lab.rha.wizard.engines([subject.master, subject.replica]))

    _note(ENGINE, engines, observation, journal)
    note_garoon(garoon, subject, observation, journal)


def note_garoon(garoon: GaroonHealth, subject: Subject, observation: Observation, journal: Writes) -> None:
    def application() -> Iterable[tuple[str, str]]:
        yield urlsplit(subject.garoon_url).hostname or subject.garoon_url, garoon.product().version

    _note(GAROON, application, observation, journal)


def _note(name: str, ask: Callable[[], Iterable[tuple[str, str]]], observation: Observation, journal: Writes) -> None:
    try:
        found = [(host, version) for host, version in ask() if version]
    except LabError as error:
        observation.note(sentence("environment.version_unknown", name=name, error=error))
    else:
        for host, version in found:
            journal.write(ProductSeen(name=name, version=version, host=host))
