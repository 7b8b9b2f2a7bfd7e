"""PowerShell evaluated in Python, with the commands of a simulated host: everything that others may use of it."""

from __future__ import annotations

from powershell.category_info import CategoryInfo
from powershell.command import Body, Cmdlet, CommandContext, Parameter, parameters
from powershell.declared import DotNetClass, DotNetObject, EnumType, EnumValue, Method, Property
from powershell.engine import (
    Clock,
    Console,
    PipelineCommand,
    PipelineStreams,
    PowerShellEngine,
    Runspace,
    TerminatingError,
)
from powershell.errors import DotNetError, ErrorRecord, ExitScript, OutsideSubset, PipelineStopped
from powershell.formatting.views import Column, TableView, View
from powershell.host import PowerShell
from powershell.inspection import Inspection
from powershell.instances import Hashtable, PSCustomObject
from powershell.matching import Matcher
from powershell.streams import InformationRecord
from powershell.values import NOTHING, Byte, DateTime, Guid, Int64, TimeSpan, TypedArray, UInt32
from powershell.wildcard import Wildcard

__all__ = [
    "NOTHING", "Body", "Byte", "CategoryInfo", "Clock", "Cmdlet", "Column", "CommandContext", "Console", "DateTime",
    "DotNetClass", "DotNetError", "DotNetObject", "EnumType", "EnumValue", "ErrorRecord", "ExitScript", "Guid",
    "Hashtable", "InformationRecord", "Inspection", "Int64", "Matcher", "Method", "OutsideSubset", "PSCustomObject",
    "Parameter", "PipelineCommand", "PipelineStopped", "PipelineStreams", "PowerShell", "PowerShellEngine",
    "Property", "Runspace", "TableView", "TerminatingError", "TimeSpan", "TypedArray", "UInt32", "View", "Wildcard",
    "parameters",
]  # fmt: skip
