"""HTTP requests as the simulated servers read them: usual ones without the tree of e-mail parts of http.server."""

from __future__ import annotations

import http.client
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from lab.http_headers import read_headers

_USUAL = re.compile(rb"([A-Z]{1,20}) (/[!-~]{0,8000}) HTTP/1\.1\r\n")


class RequestHandler(BaseHTTPRequestHandler):
    """Whatever is not a usual request line is left to http.server."""

    raw_requestline: bytes

    def parse_request(self) -> bool:
        usual = _USUAL.fullmatch(self.raw_requestline)
        if usual is None or usual[2].startswith(b"//"):
            return super().parse_request()
        self.requestline = self.raw_requestline[:-2].decode("ascii")
        self.command, self.path = (word.decode("ascii") for word in usual.groups())
        self.request_version = "HTTP/1.1"
        self.close_connection = False
        try:
            self.headers = read_headers(self.rfile)  # type: ignore[assignment,arg-type]  # as much of a message as is asked of it
        except http.client.HTTPException as error:
            self.close_connection = True
            long = isinstance(error, http.client.LineTooLong)
            said = "Line too long" if long else "Too many headers"
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, said, str(error))
            return False
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return self.headers.get("Expect", "").lower() != "100-continue" or self.handle_expect_100()
