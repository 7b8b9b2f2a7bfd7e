"""Request envelopes written by hand, as small as a service must still take them."""

from __future__ import annotations

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CMD = f"{SHELL}/cmd"
_NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" '
    f'xmlns:rsp="{SHELL}"'
)
CREATE = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create"
SHELL_BODY = "<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams></rsp:Shell>"
IDENTIFY = (
    f"<s:Envelope {_NAMESPACES}><s:Header/><s:Body><i:Identify "
    'xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>'
)


def request(
    action: str, body: str, *, resource: str = CMD, shell: str = "", message: str = "uuid:1", more: str = ""
) -> bytes:
    selector = f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet>' if shell else ""
    return (
        f"<s:Envelope {_NAMESPACES}><s:Header><a:Action>{action}</a:Action><a:MessageID>{message}</a:MessageID>"
        f"<w:ResourceURI>{resource}</w:ResourceURI>{selector}{more}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()
