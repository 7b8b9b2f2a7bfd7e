"""Which exception is a kind of which, as far as PowerShell's parser looks at several catch clauses."""

from __future__ import annotations

from typing import Final

from lab.simulator.powershell.syntax import TypeNameBase

_AUTOMATION: Final = "System.Management.Automation."

# Each type with the one it is derived from.
_BASES: Final = {
    "System.Exception": "System.Object",
    "System.SystemException": "System.Exception",
    "System.ApplicationException": "System.Exception",
    "System.AggregateException": "System.Exception",
    "System.ArgumentException": "System.SystemException",
    "System.ArgumentNullException": "System.ArgumentException",
    "System.ArgumentOutOfRangeException": "System.ArgumentException",
    "System.ArithmeticException": "System.SystemException",
    "System.DivideByZeroException": "System.ArithmeticException",
    "System.OverflowException": "System.ArithmeticException",
    "System.FormatException": "System.SystemException",
    "System.IndexOutOfRangeException": "System.SystemException",
    "System.InvalidCastException": "System.SystemException",
    "System.InvalidOperationException": "System.SystemException",
    "System.ObjectDisposedException": "System.InvalidOperationException",
    "System.NotImplementedException": "System.SystemException",
    "System.NotSupportedException": "System.SystemException",
    "System.NullReferenceException": "System.SystemException",
    "System.OperationCanceledException": "System.SystemException",
    "System.OutOfMemoryException": "System.SystemException",
    "System.TimeoutException": "System.SystemException",
    "System.UnauthorizedAccessException": "System.SystemException",
    "System.UriFormatException": "System.FormatException",
    "System.IO.IOException": "System.SystemException",
    "System.IO.FileNotFoundException": "System.IO.IOException",
    "System.IO.DirectoryNotFoundException": "System.IO.IOException",
    "System.IO.EndOfStreamException": "System.IO.IOException",
    "System.IO.PathTooLongException": "System.IO.IOException",
    "System.Net.WebException": "System.InvalidOperationException",
    "System.Net.Sockets.SocketException": "System.ComponentModel.Win32Exception",
    "System.ComponentModel.Win32Exception": "System.Runtime.InteropServices.ExternalException",
    "System.Runtime.InteropServices.ExternalException": "System.SystemException",
    "System.Runtime.InteropServices.COMException": "System.Runtime.InteropServices.ExternalException",
    "System.Net.Http.HttpRequestException": "System.Exception",
    "System.Security.SecurityException": "System.SystemException",
    "System.Collections.Generic.KeyNotFoundException": "System.SystemException",
    "System.Threading.Tasks.TaskCanceledException": "System.OperationCanceledException",
    f"{_AUTOMATION}RuntimeException": "System.SystemException",
    f"{_AUTOMATION}CmdletInvocationException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}ActionPreferenceStopException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}CommandNotFoundException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}ParameterBindingException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}MethodException": f"{_AUTOMATION}ExtendedTypeSystemException",
    f"{_AUTOMATION}MethodInvocationException": f"{_AUTOMATION}MethodException",
    f"{_AUTOMATION}ExtendedTypeSystemException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}SetValueException": f"{_AUTOMATION}ExtendedTypeSystemException",
    f"{_AUTOMATION}SetValueInvocationException": f"{_AUTOMATION}SetValueException",
    f"{_AUTOMATION}GetValueException": f"{_AUTOMATION}ExtendedTypeSystemException",
    f"{_AUTOMATION}GetValueInvocationException": f"{_AUTOMATION}GetValueException",
    f"{_AUTOMATION}PSInvalidCastException": "System.InvalidCastException",
    f"{_AUTOMATION}PSInvalidOperationException": "System.InvalidOperationException",
    f"{_AUTOMATION}PSArgumentException": "System.ArgumentException",
    f"{_AUTOMATION}PSNotSupportedException": "System.NotSupportedException",
    f"{_AUTOMATION}PropertyNotFoundException": f"{_AUTOMATION}ExtendedTypeSystemException",
    f"{_AUTOMATION}ParseException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}IncompleteParseException": f"{_AUTOMATION}ParseException",
    f"{_AUTOMATION}SessionStateException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}ItemNotFoundException": f"{_AUTOMATION}SessionStateException",
    f"{_AUTOMATION}DriveNotFoundException": f"{_AUTOMATION}SessionStateException",
    f"{_AUTOMATION}PipelineStoppedException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}RemoteException": f"{_AUTOMATION}RuntimeException",
    f"{_AUTOMATION}Remoting.PSRemotingTransportException": f"{_AUTOMATION}RuntimeException",
}
_NAMES: Final = {name.lower(): name for name in _BASES}


def _known(type_name: TypeNameBase) -> str | None:
    written = type_name.full_name.lower()
    return _NAMES.get(written) or _NAMES.get(f"system.{written}")


def catches(first: TypeNameBase, second: TypeNameBase) -> str | None:
    """The full name of the second type where a clause for the first has already caught it."""
    caught, by = _known(second), _known(first)
    if caught is None or by is None:
        same = first.full_name.lower() == second.full_name.lower()
        return second.full_name if same else None
    ancestor: str | None = caught
    while ancestor is not None and ancestor != by:
        ancestor = _BASES.get(ancestor)
    return caught if ancestor == by else None
