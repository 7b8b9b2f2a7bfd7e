"""A time-stamp authority is asked over http, within bounds that no answer can stretch."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import requests
from cryptography import x509

from lab.drivers.bounded_http import BoundedAdapter, Budget, trouble
from lab.errors import HostUnreachable, LabError, Refused
from lab.model.endpoints import StampAuthority
from lab.model.stamping import LARGEST, NotStamped, Untrusted, proven, request_for
from lab.tls import context_of
from words import sentence

_HEADERS = 1 << 14


class HttpStamper:
    """Implements `lab.ports.Stamper`."""

    def __init__(self, authority: StampAuthority) -> None:
        self._authority = authority

    def stamp(self, content: bytes) -> bytes:
        """The answer as it came, which the site's roots vouch for. Raises LabError."""
        url, request = self._authority.url, request_for(content)
        about = {"url": urlsplit(url).hostname or url}
        try:
            answer = self._post(request.as_bytes())
        except (requests.RequestException, OSError) as error:
            why = trouble(error) or sentence("reason.no_http")
            raise HostUnreachable(sentence("stamp.unreached", reason=why, **about)) from error
        try:
            roots = x509.load_pem_x509_certificates(Path(self._authority.roots).read_bytes())
            proven(answer, content, roots, request.nonce)
        except (NotStamped, Untrusted) as error:
            raise Refused(sentence("stamp.refused", reason=error, **about)) from error
        except (OSError, ValueError) as error:
            raise LabError(sentence("stamp.no_roots", file=self._authority.roots)) from error
        return answer

    def _post(self, request: bytes) -> bytes:
        budget = Budget()
        budget.begin(seconds=self._authority.seconds, most=LARGEST + _HEADERS)
        secure = self._authority.url.lower().startswith("https:")
        context = context_of(self._authority.certificate_authority) if secure else None
        with requests.Session() as session:
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, BoundedAdapter(budget, context=context))
            headers = {"Content-Type": "application/timestamp-query", "Connection": "close"}
            answer = session.post(self._authority.url, data=request, headers=headers, allow_redirects=False)
            answer.raise_for_status()
            return answer.content
