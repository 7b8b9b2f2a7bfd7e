"""RHA's verification before a scenario is created or run (guide 3, steps 6, 10, 12 and 15; 5-1, step 2).

The guide says what is verified, not in which words: the texts are the simulator's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab.model.replication import Finding, ScenarioState, Severity
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.site.profile import RhaProfile
from lab.site.simulation import CURRENT_ENGINE


def verify(record: ScenarioRecord, profile: RhaProfile, *, to_run: bool) -> tuple[Finding, ...]:
    """All findings; one of mere information says that there are none. A guest that is off is an error only `to_run`."""
    found = (
        *_hosts(record, profile),
        *_service_accounts(record, profile),
        *_guests(record, to_run=to_run),
        *_standby(record),
        *_networks(record),
    )
    return found or (Finding(Severity.INFORMATION, record.name, "検証は正常に完了しました。"),)


def verify_as_listed(record: ScenarioRecord, profile: RhaProfile) -> tuple[Finding, ...]:
    """The wizard's verification for a scenario that has never run, the run's own for any other."""
    return verify(record, profile, to_run=record.state is not ScenarioState.EDITING)


def _hosts(record: ScenarioRecord, profile: RhaProfile) -> Iterator[Finding]:
    for host in (record.master, record.replica):
        if not host.powered or host.cut_off:
            yield _error(host.name, "ホストに接続できません。")
        elif not host.engine_version:
            yield _error(host.name, "CA ARCserve RHA エンジンがインストールされていません。")
        elif host.engine_version != CURRENT_ENGINE:
            yield _error(host.name, f"エンジンのバージョン {host.engine_version} が古いため使用できません。")
        elif not host.service_runs(profile.engine_service.name):
            yield _error(host.name, f"エンジンのサービス {profile.engine_service.name} が実行されていません。")


def _service_accounts(record: ScenarioRecord, profile: RhaProfile) -> Iterator[Finding]:
    services = (host.services.get(profile.engine_service.name) for host in (record.master, record.replica))
    accounts = {service.account for service in services if service is not None}
    if len(accounts) > 1:
        yield _error(record.name, f"エンジンのサービス アカウントが異なります: {', '.join(sorted(accounts))}")


def _guests(record: ScenarioRecord, *, to_run: bool) -> Iterator[Finding]:
    for guest in record.plan.guests:
        registration = record.active.registrations.get(guest)
        if registration is None:
            yield _error(guest, f"{record.active.name} に仮想マシンが登録されていません。")
        elif not registration.healthy:
            severity = Severity.ERROR if to_run else Severity.WARNING
            yield Finding(severity, guest, f"{record.active.name} でゲスト OS が実行されていません。")


def _standby(record: ScenarioRecord) -> Iterator[Finding]:
    for guest in record.plan.guests:
        registration = record.standby.registrations.get(guest)
        if registration is not None and not registration.off:
            yield _error(guest, f"スタンバイ側の {record.standby.name} で仮想マシンがオフになっていません。")


def _networks(record: ScenarioRecord) -> Iterator[Finding]:
    for guest in record.plan.guests:
        registration = record.active.registrations.get(guest)
        for adapter in registration.adapters if registration is not None else ():
            network = record.network_on_standby(adapter.switch)
            if network is None:
                yield _error(guest, f"仮想ネットワーク「{adapter.switch}」のマッピングが設定されていません。")
            elif network and network not in record.standby.switches:
                yield _error(guest, _no_such_network(record.standby, network))


def _no_such_network(host: HyperVHost, network: str) -> str:
    return f"マッピング先の仮想ネットワーク「{network}」が {host.name} にありません。"


def _error(subject: str, text: str) -> Finding:
    return Finding(Severity.ERROR, subject, text)
