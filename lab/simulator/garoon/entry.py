"""The add form's fields, read into an appointment or refused with Garoon's error code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from lab.simulator.garoon.database import Appointment
from lab.simulator.garoon.settings import JAPAN


class InvalidEntry(Exception):
    def __init__(self, code: str, diagnosis: str) -> None:
        super().__init__(diagnosis)
        self.code = code
        self.diagnosis = diagnosis


def read_entry(fields: Sequence[tuple[str, str]], known_users: Collection[int]) -> Appointment:
    values = dict(fields)
    chosen = [value for name, value in fields if name == "selected_users_sUID" and value.isdecimal()]
    members = tuple(dict.fromkeys(int(value) for value in chosen))
    if not members or not set(members) <= set(known_users):
        raise InvalidEntry("GRN_SCHD_13021", "参加者が指定されていません。")
    starts, ends = _moment(values, "start"), _moment(values, "end")
    if ends.date() < starts.date():
        raise InvalidEntry("GRN_SCHD_13006", "終了日が開始日より前です。")
    if ends < starts:
        raise InvalidEntry("GRN_SCHD_13012", "終了時刻が開始時刻より前です。")
    menu = values.get("menu", "")
    return Appointment(
        plan="" if menu == "-----" else menu,
        detail=values.get("title", ""),
        description=values.get("memo", ""),
        public=values.get("private", "0") != "1",
        starts=starts,
        ends=ends,
        members=members,
    )


def _moment(values: dict[str, str], name: str) -> datetime:
    try:
        year, month, day, hour, minute = (
            int(values.get(f"{name}_{part}", "")) for part in ("year", "month", "day", "hour", "minute")
        )
        return datetime(year, month, day, tzinfo=JAPAN) + timedelta(hours=hour, minutes=minute)
    except (ValueError, OverflowError) as error:
        raise InvalidEntry("GRN_SCHD_13011", "日時が正しくありません。") from error
