"""The faults of a WS-Management service, by the decimal codes Windows gives them (wsmerror.h, winerror.h)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

_PROCESS: Final = "The WS-Management service cannot process the request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`subcode` is in the WS-Management namespace; `code` is WSManFault's."""

    code: int
    subcode: str
    message: str
    sender: bool = True

    @property
    def party(self) -> Literal["Sender", "Receiver"]:
        """Whose doing it is, as SOAP says it."""
        return "Sender" if self.sender else "Receiver"


class WsManFault(Exception):
    """A request ends with a fault instead of an answer."""

    def __init__(self, fault: Fault, message: str | None = None) -> None:
        super().__init__(message or fault.message)
        self.fault = fault
        self.message = message or fault.message


OPERATION_TIMED_OUT: Final = Fault(
    code=2150858793,
    subcode="TimedOut",
    message="The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  ",
    sender=False,
)
INVALID_SOAP_BODY: Final = Fault(
    code=2150858791,
    subcode="InvalidBody",
    message=f"{_PROCESS} because the request packet does not have a valid SOAP body. ",
)
ACTION_MISMATCH: Final = Fault(
    code=2150858801,
    subcode="ActionMismatch",
    message=f"{_PROCESS} because the WS-Addressing Action URI in the request is not compatible with the resource. ",
)
ENCODING_LIMIT: Final = Fault(
    code=2150858805,
    subcode="EncodingLimit",
    message=f"{_PROCESS} because the encoding of the request exceeds an internal encoding limit. "
    "Reconfigure the client to send messages which fit the encoding limits of the service. ",
)
INVALID_OPTIONS: Final = Fault(
    code=2150858809, subcode="InvalidOptions", message=f"{_PROCESS} because one or more options are not valid. "
)
INVALID_PARAMETER: Final = Fault(
    code=2150858810,
    subcode="InvalidParameter",
    message=f"{_PROCESS} because a parameter for the operation is not valid. ",
)
INVALID_RESOURCE_URI: Final = Fault(
    code=2150858811,
    subcode="InvalidResourceURI",
    message=f"{_PROCESS}. The resource URI is missing or it has an incorrect format. "
    'Check the documentation or use the following command for information on how to construct a resource URI: "winrm '
    'help uris". ',
)
INVALID_XML: Final = Fault(code=2150858819, subcode="InvalidXml", message=f"{_PROCESS} because the XML is invalid. ")
UNEXPECTED_SELECTORS: Final = Fault(
    code=2150858843,
    subcode="InvalidSelectors",
    message=f"{_PROCESS} because the request contained invalid selectors for the resource. ",
)
TOO_MANY_SHELLS: Final = Fault(
    code=2150859173,
    subcode="QuotaLimit",
    message=f"{_PROCESS}. This user is allowed a maximum number of {{limit}} concurrent shells, which has been "
    "exceeded. Close existing shells or raise the quota for this user. ",
    sender=False,
)
TOO_MANY_OPERATIONS: Final = Fault(
    code=2150859174,
    subcode="QuotaLimit",
    message=f"{_PROCESS}. This user is allowed a maximum number of {{limit}} concurrent operations, which has been "
    "exceeded. Close existing operations for this user, or raise the quota for this user. ",
    sender=False,
)
BUSY: Final = Fault(code=170, subcode="InternalError", message="The requested resource is in use. ", sender=False)
OPERATION_ABORTED: Final = Fault(
    code=995,
    subcode="InternalError",
    message="The I/O operation has been aborted because of either a thread exit or an application request. ",
    sender=False,
)
