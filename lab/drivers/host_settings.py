"""What Get-HostSetting and Get-HostCondition answer, read into values."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from lab.drivers.rows import Row
from lab.model.hosts import Defender, GuestDisk, GuestHardware, HostSettings, Update

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


def guest_hardware(row: Row) -> GuestHardware:
    return GuestHardware(
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
