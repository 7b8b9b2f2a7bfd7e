"""`kunren init`: asks for a site, tries each answer without changing anything, and writes a commented site file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from drills.identities import one_windows
from kunren.exits import Exit, Stop
from kunren.sites.answers import ASKED, option_of
from kunren.sites.draft import Draft
from kunren.sites.site_writer import SCHEMA, site_file, write_new
from kunren.sites.trials import Trial, listener, log_in, log_in_inside, reach, use_garoon
from kunren.terminal import MASKING, READER, output, tell
from lab.errors import SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login
from lab.model.hosts import HostFacts, HostRole
from lab.site.schemas import schemas
from lab.site.windows_zones import iana_name
from words import LANGUAGES, Language, Quoted, Told, sentence

_DEFAULTS = {"time_zone": "Asia/Tokyo", "replication.control_service": "replica"}
_SUGGESTED = {
    "hosts.master.password_from": "KUNREN_MASTER_PASSWORD",
    "hosts.replica.password_from": "KUNREN_REPLICA_PASSWORD",
    "hosts.control.password_from": "KUNREN_CONTROL_PASSWORD",
    "guest.password_from": "KUNREN_GUEST_PASSWORD",
    "replication.scenario": "CybozuGaroonHyper-V",
    "garoon.url": "http://cybozu.ca.com/scripts/cbgrn/grn.exe",
    "garoon.password_from": "KUNREN_GAROON_PASSWORD",
}
"""Offered to a person, never taken unseen."""
_INSIDE, _PASSWORD_INSIDE = "guest.user", "guest.password_from"
"""May be left out, both."""
_EMPTY = "-"
"""What a person answers to a question with a default to leave the key out."""


def new_site_file(
    file: Path, given: Mapping[str, str], language: Language | None, *, attended: bool, schema: bool
) -> str:
    """The text of a new site file; raises Stop or SiteError, and writes nothing."""
    if file.is_symlink() or file.exists():
        raise Stop(Exit.USAGE, sentence("init.exists", file=file))
    if not file.absolute().parent.is_dir():
        raise Stop(Exit.USAGE, sentence("init.no_folder", folder=file.absolute().parent))
    for text in given.values():
        _require_text(text)
    missing = [option_of(key) for key, asked in ASKED.items() if asked.required and not given.get(key)]
    if given.get(_PASSWORD_INSIDE) and not given.get(_INSIDE):
        missing.append(option_of(_INSIDE))
    if not attended and missing:
        raise Stop(Exit.USAGE, sentence("init.missing", options=", ".join(missing)))
    spoken = language or (_asked_language() if attended else "ja")
    READER.chosen = spoken
    tell(sentence("init.begin", file=file))
    draft = Draft(file)
    draft.withhold(text for key, text in given.items() if key.endswith(".password_from"))
    answers = Interview(draft, dict(given), attended).held()
    return site_file(answers, spoken, file.stem, schema=schema)


def write(file: Path, text: str, *, schema: bool) -> None:
    """Writes the site file, and the schema beside it for editors, each only where there is none."""
    write_new(file, text.encode())
    tell(sentence("init.written", file=file))
    beside = file.parent / SCHEMA
    if schema and not beside.exists():
        write_new(beside, schemas()[SCHEMA].encode())
        tell(sentence("init.written_schema", file=beside))
    tell(sentence("init.next", file=file))


def _no_more(_found: Trial) -> Sequence[str]:
    return ()


@dataclass(slots=True)
class Interview:
    """Asks, tries and says what it saw. Unattended, options are the answers, and nothing is asked."""

    draft: Draft
    given: dict[str, str]
    attended: bool
    logins: RefusedLogins = field(default_factory=RefusedLogins)
    refused: set[tuple[str, str]] = field(default_factory=set, repr=False)
    """Users with passwords that were refused, each of which is tried once."""
    answered: dict[str, HostFacts] = field(default_factory=dict)
    """What the hosts say of themselves, by role."""

    def held(self) -> Mapping[str, str]:
        """The answers by their keys."""
        for key in ("name", "time_zone"):
            self.ask(key)
        self._guest({role: self._host(role.value).guests for role in HostRole})
        for key in ("replication.scenario", "replication.control_service"):
            self.ask(key)
        if self.draft["replication.control_service"] == "control":
            self._host("control")
        self._garoon()
        return self.draft.answers

    def ask(self, key: str, default: str = "") -> None:
        """Until the answer is as the site file wants it."""
        if key == _PASSWORD_INSIDE and not self.draft[_INSIDE]:
            self.draft.answers.pop(key, None)
            return
        default = default or _DEFAULTS.get(key, "") or (_SUGGESTED.get(key, "") if self.attended else "")
        value = self.given.pop(key, None)
        kept: str | None = None
        while True:
            if value is None:
                value = _answer(_question(key), default) if self.attended else default
            value = self._refined(key, value)
            if not value and key == _INSIDE:
                self.draft.answers.pop(key, None)
                return
            problems = self.draft.problems(key, value)
            waits = bool(problems) and self.draft.may_wait(key, value)
            if problems and kept != value:
                if not self.attended and not waits:
                    raise SiteError(*problems)
                _show(*problems)
            if not problems or (waits and (kept == value or not self.attended)):
                self.draft.take(key, value)
                return
            if waits:
                _show(sentence("init.keep"))
                kept = default = value
            value = None

    def settle(
        self, keys: Sequence[str], trial: Callable[[], Trial], *, more: Callable[[Trial], Sequence[str]] = _no_more
    ) -> Trial:
        """Asks for the keys and tries them; again, and for `more`, until the trial is sound or no answer changes."""
        while True:
            found = trial()
            _show(*found.seen)
            if found.sound or not self.attended:
                return found
            every = (*keys, *more(found))
            before = [self.draft[key] for key in every]
            _show(sentence("init.again"))
            for key in every:
                self.ask(key, self.draft[key])
            if before == [self.draft[key] for key in every]:
                return found

    def _host(self, role: str) -> Trial:
        """One that an earlier host's address leads to as well is asked for again, until no answer changes."""
        draft, table = self.draft, f"hosts.{role}"
        name, winrm, before = f"{table}.name", f"{table}.winrm", ""
        while True:
            found = self._logged_in(table)
            self.answered |= {} if found.facts is None else {role: found.facts}
            same = [sentence("init.seen.one_windows", why=why) for why in one_windows(self.answered)]
            _show(*same)
            if not (same and self.attended) or before == draft[winrm]:
                break
            before = draft[winrm]
            _show(sentence("init.again"))
        self.ask(name, found.name)
        if found.name and found.name.casefold() != draft[name].casefold():
            _show(sentence("init.seen.other_name", name=found.name, written=draft[name]))
        return found

    def _logged_in(self, table: str) -> Trial:
        draft = self.draft
        winrm, user, password, authority = (
            f"{table}.{key}" for key in ("winrm", "user", "password_from", "certificate_authority")
        )
        self._take_given(authority)
        self.ask(winrm, draft[winrm])
        self.settle(
            (winrm,),
            lambda: reach(draft[winrm], table=table, authority=draft[authority] and draft.authority(table)),
            more=lambda found: (authority,) if found.untrusted else (),
        )
        self.ask(user, draft[user] or draft["hosts.master.user"])
        self.ask(password, draft[password] or self._same_password(user))
        return self.settle((user, password), lambda: self._log_in(table))

    def _same_password(self, user: str) -> str:
        """The master host's reference where the same account logs in, unless it names a password of the master host."""
        first = self.draft["hosts.master.password_from"]
        same = self.draft[user] == self.draft["hosts.master.user"] and "master" not in first.casefold()
        return first if same else ""

    def _log_in(self, table: str) -> Trial:
        password = self.draft.password(table)
        if not password:
            return Trial((sentence("init.seen.no_password"),), sound=False)
        endpoint = self._endpoint(table, password)
        has_guests = table != "hosts.control"
        return self._once(
            endpoint.host, endpoint.user, password, lambda: log_in(endpoint, self.logins, has_guests=has_guests)
        )

    def _endpoint(self, table: str, password: str) -> Endpoint:
        url = self.draft[f"{table}.winrm"]
        return Endpoint(
            host=urlsplit(url).hostname or url,
            url=url,
            user=self.draft[f"{table}.user"],
            password=password,
            certificate_authority=self.draft.authority(table),
            table=table,
        )

    def _once(self, place: str, user: str, password: str, trial: Callable[[], Trial]) -> Trial:
        """A password that was refused is not tried again; another of the same user is."""
        if (user, password) not in self.refused:
            self.logins.allow_again(place, user)
        found = trial()
        if found.refused:
            self.refused.add((user, password))
        return found

    def _guest(self, found_on: Mapping[HostRole, Sequence[str]]) -> None:
        key = "guest.name"
        guests = tuple(dict.fromkeys(name for names in found_on.values() for name in names))
        likely = [name for name in guests if "garoon" in name.casefold() or "ガルーン" in name]

        def found() -> Trial:
            name = self.draft[key]
            known = not guests or name in guests
            return Trial(() if known else (sentence("init.seen.no_such_guest", name=name),), sound=known)

        self.ask(key, (likely or [*guests, ""])[0])
        self.settle((key,), found)
        self.ask(_INSIDE)
        hosts = [f"hosts.{role.value}" for role, names in found_on.items() if self.draft[key] in names]
        self.ask(_PASSWORD_INSIDE)
        self.settle((_INSIDE, _PASSWORD_INSIDE), lambda: self._log_in_inside(hosts[0] if hosts else ""))

    def _log_in_inside(self, table: str) -> Trial:
        """Through the host that lists the guest."""
        draft = self.draft
        if not draft[_INSIDE]:
            return Trial(())
        password = draft.password("guest")
        if not password or not table:
            seen = sentence(
                "init.seen.no_such_guest" if password else "init.seen.no_password", name=draft["guest.name"]
            )
            return Trial((seen,), sound=False)
        guest, login = draft["guest.name"], Login(draft[_INSIDE], password)
        endpoint = self._endpoint(table, draft.password(table))
        return self._once(guest, login.user, password, lambda: log_in_inside(endpoint, guest, login, self.logins))

    def _garoon(self) -> None:
        draft, url, connect, authority = self.draft, "garoon.url", "garoon.connect", "garoon.certificate_authority"
        user, password = "garoon.user", "garoon.password_from"
        for key in (connect, authority):
            self._take_given(key)
        self.ask(url)
        self.settle(
            (url,),
            lambda: reach(draft[url], table="garoon", connect=draft[connect], authority=draft.authority("garoon")),
            more=lambda found: (authority,) if found.untrusted else (connect,),
        )
        self.ask(user)
        self.ask(password)
        self.settle((user, password), self._use_garoon)

    def _use_garoon(self) -> Trial:
        draft, password = self.draft, self.draft.password("garoon")
        if not password:
            return Trial((sentence("init.seen.no_password"),), sound=False)
        endpoint = GaroonEndpoint(
            url=draft["garoon.url"],
            user=draft["garoon.user"],
            password=password,
            connect=draft["garoon.connect"],
            certificate_authority=draft.authority("garoon"),
        )
        place = endpoint.url.rstrip("/")
        return self._once(place, endpoint.user, password, lambda: use_garoon(endpoint, self.logins))

    def _take_given(self, key: str) -> None:
        """An answer that is asked for only where it may be lacking."""
        if self.given.get(key):
            self.ask(key)

    def _refined(self, key: str, value: str) -> str:
        """The answer as the site file has it, where a person says it otherwise."""
        if key.endswith(".winrm"):
            return listener(value)
        if key == "time_zone" and (same := iana_name(value)):
            _show(sentence("init.seen.zone", zone=value, same=same))
            return same
        return "" if value == _EMPTY and key.endswith((".certificate_authority", ".connect", _INSIDE)) else value


def _question(key: str) -> Told:
    if key.startswith("hosts."):
        _, role, name = key.split(".")
        return sentence(f"init.ask.host_{name}", host=sentence(f"host_role.{role}"))
    return sentence(f"init.ask.{key.replace('.', '_')}")


def _show(*seen: Told) -> None:
    for each in seen:
        tell(f"  {MASKING.text(each.in_(READER.language))}")


def _asked_language() -> Language:
    while True:
        answer = _answer(Quoted("Language / 言語 (ja, en)"), "ja")
        if answer in LANGUAGES:
            return "en" if answer == "en" else "ja"


def _answer(question: Told, default: str) -> str:
    """A line from the operator, the default for an empty one."""
    offered = f" [{default}]" if default else ""
    output(sys.stdout).write(f"{question.in_(READER.language)}{offered}: ")
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        raise Stop(Exit.USAGE, sentence("init.not_text")) from None
    _require_text(line)
    if not line:
        output(sys.stdout).write("\n")
        raise Stop(Exit.STOPPED, sentence("init.stopped"))
    return line.strip() or default


def _require_text(answer: str) -> None:
    """Bytes that are not in the encoding of the terminal may come as surrogates."""
    if any("\ud800" <= each <= "\udfff" for each in answer):
        raise Stop(Exit.USAGE, sentence("init.not_text"))
