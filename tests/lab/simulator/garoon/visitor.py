"""A visitor who speaks to the application in process, keeps its cookie, and reads forms and headings."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from lab.simulator.garoon.exchange import Request

BASE = "/scripts/cbgrn/grn.exe"
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Seen(HTMLParser):
    """Every element's name, the text of each, and the values of fields; complains of tags that do not match."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.fields, self.texts, self._open = [], {}, {}, []
        self.feed(html)
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = dict(attrs)
        if "name" in values:
            self.fields[values["name"]] = values.get("value") or ""
        if tag not in VOID:
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open:
            self.texts[self._open[-1]][-1] += data


@dataclass
class Visitor:
    application: object
    cookie: str = ""
    headers: dict = field(default_factory=dict)

    def ask(self, method, page, *, query="", fields=None, body=None, path=None):
        content = urlencode(fields).encode() if fields is not None else body or b""
        headers = {"host": "cybozu.ca.com", "cookie": self.cookie}
        where = path if path is not None else f"{BASE}/{page}".rstrip("/")
        response = self.application.answer(
            Request(method=method, path=where, query=query, headers=headers, body=content)
        )
        for name, value in response.headers:
            if name == "Set-Cookie" and value.startswith("CBSESSID="):
                self.cookie = value.partition(";")[0]
        return response

    def get(self, page, query="", **kwargs):
        return self.ask("GET", page, query=query, **kwargs)

    def post(self, page, fields, **kwargs):
        return self.ask("POST", page, fields=fields, **kwargs)

    def log_in(self, user="kunren", password="drill-2012", **fields):
        return self.post("index", {"_system": "1", "_account": user, "_password": password, **fields})

    def add_form(self):
        return Seen(self.get("schedule/add").body.decode()).fields

    def add(self, title, **changes):
        """Fills in the form as the browser would, with its preselected date and attendee."""
        form = self.add_form()
        moment = {"year": 2012, "month": 9, "day": 25, "minute": 0}
        fields = {"csrf_ticket": form["csrf_ticket"], "title": title, "menu": "-----", "selected_users_sUID": 2}
        fields |= {f"start_{name}": value for name, value in moment.items()} | {"start_hour": 22}
        fields |= {f"end_{name}": value for name, value in moment.items()} | {"end_hour": 23}
        return self.post("schedule/command_add", fields | changes)

    def soap(self, module, api, parameters="", *, user="kunren", password="drill-2012"):
        security = (
            f"<Security><UsernameToken><Username>{user}</Username><Password>{password}</Password>"
            "</UsernameToken></Security>"
        )
        envelope = (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
            f"<s:Header>{security if user else ''}</s:Header><s:Body><{api}><parameters>{parameters}</parameters>"
            f"</{api}></s:Body></s:Envelope>"
        )
        return self.ask("POST", f"{module}/api", body=envelope.encode())


def location(response):
    return dict(response.headers).get("Location", "")


def error_code(response):
    html = response.body.decode()
    return html.partition('class="error_code">(')[2].partition(")")[0] if "error_code" in html else ""
