"""Steps about what has to hold before RHA is set up and before any drill (guide 2); they only look."""

from __future__ import annotations

from collections.abc import Mapping

from drills.nouns.garoon import GaroonService
from drills.nouns.host import Hosts
from drills.nouns.wizard import Wizard
from drills.observation import NothingToCompare, Observation
from drills.vocabulary import then_
from drills.wording import several
from lab.model.hosts import HostRole, RhaServices, Service
from lab.model.subject import Subject
from lab.model.versions import at_least
from lab.ports import ControlHost
from words import Quoted, Told, sentence


@then_(
    en='the Garoon version is "{version:Version}" or later', ja="ガルーンのバージョンが「{version:Version}」以降である"
)
def garoon_version(version: str, garoon: GaroonService, observation: Observation) -> None:
    product = garoon.product()
    _expect_versions({product.name: product.version}, version, observation)


@then_(
    en='the Windows version of both hosts is "{version:Version}" or later',
    ja="両方のホストの Windows のバージョンが「{version:Version}」以降である",
)
def windows_version(version: str, hosts: Hosts, observation: Observation) -> None:
    facts = [hosts[role].facts() for role in HostRole]
    _expect_versions({each.name: each.os_version for each in facts}, version, observation)


@then_(
    en='the engine version of both hosts is "{version:Version}" or later',
    ja="両方のホストのエンジンのバージョンが「{version:Version}」以降である",
)
def engine_version(version: str, wizard: Wizard, subject: Subject, observation: Observation) -> None:
    engines = wizard.verify_engines(subject.master, subject.replica)
    _expect_versions({each.host: each.version for each in engines}, version, observation)


@then_(en="the Control Service runs on the replica host", ja="コントロール サービスがレプリカ ホストで実行中である")
def control_service_on_replica(
    hosts: Hosts, rha_services: RhaServices, control_host: ControlHost, subject: Subject, observation: Observation
) -> None:
    """Its name is a guess: where no host has a service of that name, nothing is known of it."""
    found = (*_found(hosts, rha_services.control), *_apart(control_host, rha_services.control))
    if not found:
        raise NothingToCompare(sentence("errors.drill.guessed_service", service=rha_services.control))
    observation.expect(
        _running_on(found, subject.replica),
        expected=sentence("steps.services.control", replica=subject.replica),
        seen=_services_text(found),
    )


@then_(en="the engine runs as a service on both hosts", ja="両方のホストでエンジンのサービスが実行中である")
def engine_on_both(hosts: Hosts, rha_services: RhaServices, observation: Observation) -> None:
    found = _found(hosts, rha_services.engine)
    observation.expect(
        all(_running_on(found, host.name) for host in hosts.values()),
        expected=sentence("steps.services.engine"),
        seen=_services_text(found),
    )


@then_(
    en="all RHA services run under the same account",
    ja="RHA のすべてのサービスが同じアカウントで実行されている",
)
def same_account(hosts: Hosts, rha_services: RhaServices, control_host: ControlHost, observation: Observation) -> None:
    names = (rha_services.engine, rha_services.control)
    found = (*_found(hosts, *names), *_apart(control_host, *names))
    accounts = {service.account.casefold() for _, service in found}
    observation.expect(
        len(accounts) == 1 and all(accounts),
        expected=sentence("steps.services.one_account"),
        seen=several([Quoted(f"{host} {each.name}: {each.account or '?'}") for host, each in found]),
    )


def _found(hosts: Hosts, *names: str) -> tuple[tuple[str, Service], ...]:
    """Those of the named services that are installed, each with its host."""
    return tuple((hosts[role].name, service) for role in HostRole for service in hosts[role].services(*names))


def _apart(control_host: ControlHost, *names: str) -> tuple[tuple[str, Service], ...]:
    """The same of a Control Service on a host of its own."""
    services = control_host.windows.services(names) if control_host.apart else ()
    return tuple((control_host.name, service) for service in services)


def _running_on(found: tuple[tuple[str, Service], ...], host: str) -> bool:
    return any(service.running for where, service in found if where == host)


def _services_text(found: tuple[tuple[str, Service], ...]) -> Told:
    if not found:
        return sentence("steps.services.not_installed")
    return several(
        [
            sentence("steps.services.running" if each.running else "steps.services.stopped", host=host)
            for host, each in found
        ]
    )


def _expect_versions(told: Mapping[str, str], wanted: str, observation: Observation) -> None:
    """What tells no number is not known to be late enough."""
    late = {name: at_least(version, wanted) for name, version in told.items()}
    if unknown := [f"{name} «{told[name]}»" for name, enough in late.items() if enough is None]:
        raise NothingToCompare(sentence("errors.drill.no_version", names=", ".join(unknown)))
    observation.expect(
        all(late.values()),
        expected=sentence("steps.versions.or_later", wanted=wanted),
        seen=several([f"{name}: {version}" for name, version in told.items()]),
    )
