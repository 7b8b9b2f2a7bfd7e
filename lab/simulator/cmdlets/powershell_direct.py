"""PowerShell Direct on the simulated hosts: Invoke-Command -VMName and the credential it needs.

The errors are those of PowerShell's own remoting resources. What a guest gives has to be a hashtable: it comes back
with the note properties that remoting adds, which plain values of the embedded engine cannot carry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lab.simulator.cmdlets.guest_host import guest_powershell
from lab.simulator.cmdlets.lab_host import LabHost, outside
from lab.simulator.hosts.host import Registration
from powershell import (
    NOTHING,
    Body,
    Cmdlet,
    CommandContext,
    DotNetClass,
    DotNetObject,
    ErrorRecord,
    Hashtable,
    Inspection,
    Method,
    PipelineCommand,
    Property,
    TerminatingError,
    TypedArray,
    parameters,
)

CONNECT_MS: Final = 300
"""What a session with a guest takes; on real hosts about a second."""
DIRECT: Final = "VMName"
LOCAL: Final = "InProcess"


class Secret:
    """The text of a SecureString; it is never written anywhere."""

    def __init__(self) -> None:
        self.text = ""

    def __repr__(self) -> str:
        return "<secret>"


def _append(secure: DotNetObject, character: Any) -> object:
    secure.fields["secret"].text += str(character)
    return NOTHING


SECURE_STRING: Final[DotNetClass] = DotNetClass(
    name="System.Security.SecureString",
    constructor=lambda arguments: None if arguments else DotNetObject(SECURE_STRING, {"secret": Secret()}),
    properties=(Property(name="Length", type="System.Int32", get=lambda secure: len(secure.fields["secret"].text)),),
    methods=(Method(name="AppendChar", call=_append, definition="void AppendChar(char c)", arity=(1,)),),
    outside=outside("Clear Copy Dispose InsertAt IsReadOnly MakeReadOnly RemoveAt SetAt"),
)


def _credential(arguments: list[Any]) -> DotNetObject | None:
    match arguments:
        case [str(user), DotNetObject() as secure] if user and secure.dotnet_class is SECURE_STRING:
            return DotNetObject(CREDENTIAL, {"user": user, "password": secure})
        case _:
            return None


CREDENTIAL: Final[DotNetClass] = DotNetClass(
    name="System.Management.Automation.PSCredential",
    constructor=_credential,
    properties=(
        Property(name="UserName", type="System.String", get=lambda made: made.fields["user"]),
        Property(name="Password", type="System.Security.SecureString", get=lambda made: made.fields["password"]),
    ),
    outside=outside("GetNetworkCredential GetObjectData"),
)
TYPES: Final = (SECURE_STRING, CREDENTIAL)


def invoke_command(host: LabHost) -> Callable[[CommandContext], Body]:
    """Invoke-Command on this host: in the session itself, or in a guest."""

    class InvokeCommandHere(Body):
        def process(self) -> None:
            if self.context.expecting_input and "InputObject" in self.context.parameters:
                self.context.outside_subset("Invoke-Command with pipeline input")

        def end(self) -> None:
            if self.context.set_name != DIRECT:
                self._run_here()
                return
            if self.context.expecting_input:
                self.context.outside_subset("Invoke-Command with pipeline input")
            for name in self.context.get("VMName"):
                host.spend(CONNECT_MS)
                refusal = self._refusal(name)
                if refusal is None:
                    self._run(name)
                else:
                    self.context.write_error(refusal)

        def _run_here(self) -> None:
            self.context.invoke_streaming(
                self.context.get("ScriptBlock"),
                arguments=self.context.get("ArgumentList") or (),
                new_scope=not self.context.get("NoNewScope"),
            )

        def _registration(self, name: str) -> Registration | None:
            registrations = host.world.hosts[host.name].registrations
            return next((each for known, each in registrations.items() if known.lower() == name.lower()), None)

        def _refusal(self, name: str) -> ErrorRecord | None:
            registration = self._registration(name)
            if registration is None:
                return self._invalid(
                    "InvalidVMNameNotSingle", f"The input VMName {name} does not resolve to a single virtual machine."
                )
            if not registration.running:
                return self._invalid("InvalidVMState", f"The virtual machine {name} is not in running state.")
            if host.world.directly(registration) is None:
                return _broken(name, "A failure occurred while attempting to connect to the target virtual machine.")
            credential = self.context.get("Credential")
            user, password = credential.fields["user"], credential.fields["password"].fields["secret"].text
            login = host.world.guest_login
            if (user.removeprefix(".\\").lower(), password) != (login.user.lower(), login.password):
                return _broken(name, "The credential is invalid.")
            return None

        def _invalid(self, error_id: str, message: str) -> ErrorRecord:
            return self.context.error(
                message, error_id=error_id, category="InvalidArgument", exception="System.ArgumentException"
            )

        def _run(self, name: str) -> None:
            registration = self._registration(name)
            assert registration is not None
            block = self.context.get("ScriptBlock")
            arguments = tuple((None, self._crossed(value)) for value in self.context.get("ArgumentList") or ())
            runspace = guest_powershell(host, registration).open_runspace()
            streams = _Streams(self, name)
            try:
                runspace.invoke([PipelineCommand(block.text, is_script=True, parameters=arguments)], streams)
            except TerminatingError as error:
                streams.error(error.record)
            for record in streams.errors:
                self.context.write_error(record)

        def received(self, name: str, value: Any) -> None:
            """One object of the guest's output."""
            if not isinstance(value, Hashtable):
                self.context.outside_subset("an object that is no hashtable from a guest")
            copy = self._crossed(value)
            for note, told in (
                ("PSComputerName", name),
                ("RunspaceId", self.context.new_guid()),
                ("PSShowComputerName", True),
            ):
                copy.add_note(note, told)
            self.context.write(copy)

        def _crossed(self, value: Any) -> Any:
            """A copy, as serialising makes it."""
            match value:
                case None | bool() | str() | int() | float():
                    return value
                case Hashtable() if not value.members:
                    return Hashtable((key, self._crossed(inner)) for key, inner in value.items())
                case TypedArray():
                    return TypedArray(value.element_type, value)
                case _ if Inspection(value).type_name == "System.Char":
                    return value
                case _:
                    return self.context.outside_subset("an object of this kind across PowerShell Direct")

    return InvokeCommandHere


class _Streams:
    """The streams of a session in a guest, as they go on to the host."""

    def __init__(self, command: Any, guest: str) -> None:
        self._command = command
        self._guest = guest
        self.errors: list[ErrorRecord] = []

    def output(self, value: Any) -> None:
        self._command.received(self._guest, value)

    def error(self, record: ErrorRecord) -> None:
        """The guest's error under its own id, as a RemoteException; told when the guest has ended."""
        remote = ErrorRecord.of(
            record.message,
            record.error_id,
            record.category.name,
            exception="System.Management.Automation.RemoteException",
            target=record.target,
        )
        remote.origin = record.origin
        self.errors.append(remote)

    def warning(self, text: str) -> None:
        self._command.context.write_warning(text)

    def verbose(self, text: str) -> None:
        self._command.context.write_verbose(text)

    def debug(self, text: str) -> None:
        self._command.context.write_debug(text)

    def information(self, record: Any) -> None:
        self._command.context.write_information(record)

    def progress(self, activity: str, status: str, percent: int) -> None:
        """Discards it."""


def _broken(guest: str, message: str) -> ErrorRecord:
    return ErrorRecord.of(
        f"[{guest}] {message}",
        "PSSessionStateBroken",
        "OpenError",
        exception="System.Management.Automation.Remoting.PSDirectException",
        target=guest,
    )


def direct_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        Cmdlet(
            name="Invoke-Command",
            error_id="Microsoft.PowerShell.Commands.InvokeCommandCommand",
            body=invoke_command(host),
            default_set=LOCAL,
            parameters=parameters(
                "ScriptBlock|Command scriptblock in:InProcess 0 mandatory in:VMName 1 mandatory, "
                "NoNewScope switch in:InProcess, InputObject psobject pipeline, ArgumentList|Args object[], "
                "VMName string[] mandatory in:VMName, "
                "Credential System.Management.Automation.PSCredential mandatory in:VMName"
            ),
        ),
    )
