"""CategoryInfo of an error record, whose target it shows by its text."""

from __future__ import annotations

from dataclasses import dataclass

from powershell.conversion import to_text
from powershell.declared import DotNetObject
from powershell.dialect import spoken
from powershell.errors import ErrorRecord
from powershell.instances import PSCustomObject
from powershell.values import type_name


def target_name(record: ErrorRecord) -> str:
    if record.target_name is not None:
        return record.target_name
    if record.target is None:
        return ""
    if isinstance(record.target, DotNetObject) and record.target.dotnet_class.text is None:
        return record.target.dotnet_class.name
    return to_text(record.target)


def target_type(record: ErrorRecord) -> str:
    if record.target_type is not None:
        return record.target_type
    if isinstance(record.target, (PSCustomObject, DotNetObject)):
        return "PSObject"
    return "" if record.target is None else type_name(record.target).rpartition(".")[2]


def category_text(record: ErrorRecord) -> str:
    """CategoryInfo.ToString(), e.g. "ObjectNotFound: (nope:String) [Get-Item], ItemNotFoundException"."""
    return (
        f"{record.category.name}: ({_shortened(target_name(record))}:{_shortened(target_type(record))}) "
        f"[{_shortened(record.activity)}], {_shortened(record.reason) or record.exception.short_name}"
    )


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """The five parts of CategoryInfo; `number` is the category's in System.Management.Automation.ErrorCategory."""

    number: int
    activity: str
    reason: str
    target_name: str
    target_type: str

    @classmethod
    def of(cls, record: ErrorRecord) -> CategoryInfo:
        return cls(
            number=record.category.number,
            activity=record.activity,
            reason=record.category_reason,
            target_name=target_name(record),
            target_type=target_type(record),
        )


def _shortened(text: str) -> str:
    """CategoryInfo cuts its parts to forty characters, the middle by an ellipsis."""
    if len(text) <= 40:
        return text
    return f"{text[:18]}...{text[-19:]}" if spoken().windows else f"{text[:19]}…{text[-19:]}"
