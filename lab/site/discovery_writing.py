"""Writes what a search has found: a discovery file for Kunren, and a profile that people correct by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from lab.model.findings import CREDENTIAL, FoundCommand, Offer, Traces
from lab.site.discovery import VERSION, digest_of
from lab.site.profile import CONNECT, profile_text
from lab.site.verdicts import Judged, Usable, Verdict, signature
from words import Language, Told, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search: what the host of the Control Service offers, and what each host shows."""

    host: str
    time: datetime
    kunren: str
    offers: tuple[Offer, ...]
    traces: tuple[Traces, ...]
    usable: Usable

    @property
    def snap_ins(self) -> tuple[str, ...]:
        """Those that hold usable commands: one that could not be loaded would only fail again."""
        holders = {each.holder.casefold() for each in self.usable.commands}
        every = (each.name for offer in self.offers if offer.bits == self.usable.bits for each in offer.snap_ins)
        return tuple(sorted(name for name in every if name.casefold() in holders))


def discovery_text(search: Search) -> str:
    """The content of a discovery file, which older readers understand as well."""
    commands = search.usable.commands
    content: dict[str, Any] = {
        "version": VERSION,
        "kunren": search.kunren,
        "host": search.host,
        "time": search.time.isoformat(),
        "hosts": [each.host for each in search.traces],
        "bits": search.usable.bits,
        "versions": {
            traces.host: {each.name: each.version for each in traces.services if each.version}
            for traces in search.traces
        },
        "snap_ins": list(search.snap_ins),
        "commands": {each.name: list(each.parameters) for each in commands},
        "sets": {each.name: [asdict(known)["parameters"] for known in each.sets] for each in commands},
        "found": {
            "offers": [
                {**asdict(replace(each, refusal=None)), "refusal": f"{each.refusal or ''}"} for each in search.offers
            ],
            "hosts": [asdict(each) for each in search.traces],
        },
    }
    content = json.loads(json.dumps(content))
    return json.dumps({**content, "digest": digest_of(content)}, ensure_ascii=False, indent=2) + "\n"


def site_profile_text(name: str, search: Search, judged: Sequence[Judged], language: Language) -> str:
    """The profile of that name with comments that say what the site has; no value is another."""
    remarks = _remarks(search, judged)
    head = sentence("discover.profile_head", host=search.host, time=search.time.isoformat(timespec="seconds"))
    return (
        "\n".join(_written((head,), language))
        + "\n\n"
        + "".join(
            line + "".join(f"{each}\n" for each in _written(remarks.get(line.strip(), ()), language))
            for line in profile_text(name).splitlines(keepends=True)
        )
    )


def _remarks(search: Search, judged: Sequence[Judged]) -> Mapping[str, tuple[Told, ...]]:
    """What is to be said below a line of the profile."""
    found: dict[str, tuple[Told, ...]] = {}
    for each in judged:
        verdict = sentence(f"discover.verdict.{each.verdict.value}", host=search.host)
        if each.verdict is Verdict.CONFIRMED:
            remarks: tuple[Told, ...] = (verdict,)
        else:
            remarks = (verdict, *each.why)
        found[f"[operations.{each.operation}]"] = remarks
    services = tuple(
        sentence("discover.service", host=traces.host, name=each.name, title=each.display_name, path=each.path)
        for traces in search.traces
        for each in traces.services
    )
    connecting = tuple(
        told
        for each in search.usable.connecting
        for told in (
            sentence("discover.connection", host=search.host, command=signature(each)),
            sentence("discover.connection_lines", command=each.name, host=_host(each), credential=_credential(each)),
        )
    )
    providers = tuple(
        sentence("discover.provider", host=traces.host, name=each.name, logs=each.logs)
        for traces in search.traces
        for each in traces.providers
    )
    table = f"[{CONNECT}ion]"
    return {
        **found,
        table: (*found.pop(f"[operations.{CONNECT}]", ()), *connecting),
        "[services.engine]": services,
        "[services.control]": services,
        "[event_log]": providers,
    }


def _credential(command: FoundCommand) -> str:
    """The parameter that takes a login, which is seen by its type."""
    every = (each for known in command.sets for each in known.parameters)
    return next((each.name for each in every if each.type == CREDENTIAL), "…")


def _host(command: FoundCommand) -> str:
    return next((name for name in command.parameters if "host" in name.casefold()), "…")


def _written(remarks: Iterable[Told], language: Language) -> Iterator[str]:
    for remark in remarks:
        yield from (f"# {line}" for line in _one_line_each(remark.in_(language)))


def _one_line_each(text: str) -> list[str]:
    """Nothing that a host says can end the comment it stands in."""
    return ["".join(each if each.isprintable() else " " for each in line) for line in text.splitlines()] or [""]
