"""What Get-HostSetting and Get-HostCondition answer, read into values."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from lab.drivers.rows import Row
from lab.model.hosts import Computer, Defender, GuestDisk, GuestHardware, HostSettings, Update

COMPONENTS = {
    "84eaae65-2f2e-45f5-9bb5-0e857dc8eb47": "heartbeat",
    "9f8233ac-be49-4c79-8ee3-e7e1985b2077": "shutdown",
    "2497f4de-e9fa-4204-80e4-4b75c46419c0": "time synchronization",
    "2a34b1c2-fd73-4043-8a5b-dd2159bc743f": "data exchange",
    "5ced1297-4598-4915-a5fc-ad21bb4d02a4": "backup (VSS)",
    "6c09bb55-d683-4da0-8931-c9bf705f6480": "guest services",
}
"""Integration services by the end of their ids; their names are in the language of the host."""
HIDDEN = "N/A:"
"""What Defender tells in place of folders to who may not see them."""


def host_settings(row: Row) -> HostSettings:
    """A list that is empty is one that was not told: there are quotas on every host, and updates on any in use."""
    told = {
        "updates": row.text("UpdatesUntold"),
        "quotas": row.text("QuotasUntold"),
        "defender": row.text("DefenderUntold"),
        "addresses": row.text("AddressesUntold"),
    }
    untold = {field: reason for field, reason in told.items() if reason}
    defender = _defender(row)
    hidden = [] if defender is None else [each for each in defender.excluded if each.startswith(HIDDEN)]
    if hidden:
        defender, untold["defender"] = None, hidden[0]
    quotas = {each.name("Name"): each.whole("Value") for each in row.rows("Quotas")}
    addresses = {each.name("Address"): timedelta(seconds=each.whole("Seconds")) for each in row.rows("Addresses")}
    return HostSettings(
        today=_day(row, "Today"),
        build=row.text("Build"),
        updates=tuple(map(_update, row.rows("Updates"))) or None,
        quotas=MappingProxyType(quotas) if quotas else None,
        defender=defender,
        addresses=MappingProxyType(addresses) if addresses else None,
        defender_known=row.flag("DefenderKnown"),
        untold=MappingProxyType(untold),
    )


def computer(row: Row) -> Computer:
    return Computer(
        model=row.text("Model").strip(), processors=row.whole("Processors"), memory=row.whole("MemoryBytes")
    )


def guest_hardware(row: Row) -> GuestHardware:
    return GuestHardware(
        components={_component(each): each.flag("Enabled") for each in row.rows("Components")},
        processors=row.whole("Processors"),
        memory=row.whole("MemoryBytes"),
        generation=row.whole("Generation"),
        disks=tuple(
            GuestDisk(
                place=disk.text("Place"),
                path=disk.text("Path"),
                size=disk.whole("Size") if disk.text("Size") else None,
                used=disk.whole("Used") if disk.text("Used") else None,
            )
            for disk in row.rows("Disks")
        ),
    )


def _component(row: Row) -> str:
    return COMPONENTS.get(row.text("Id").rpartition("\\")[2].casefold(), row.text("Name"))


def _defender(row: Row) -> Defender | None:
    found = row.rows("Defender")
    return next((Defender(real_time=each.flag("RealTime"), excluded=each.texts("Paths")) for each in found), None)


def _update(row: Row) -> Update:
    return Update(name=row.name("Name"), day=_day(row, "Day") if row.text("Day") else None)


def _day(row: Row, key: str) -> date:
    try:
        return date.fromisoformat(row.text(key))
    except ValueError:
        row.refuse(key, "day")
