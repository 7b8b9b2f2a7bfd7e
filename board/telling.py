"""The picture of the drill as JSON, in the language of the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from board.picture import Looked, Picture, Stage
from board.requests import shown, withdrawal
from journal.course import DrillPlan, Outcome
from journal.people import PausePoint
from journal.seen import GuestAsked
from lab.model.probing import Layer, Result
from lab.model.text import visible
from words import Language, Words, words_of

SERVED = (Layer.WRITE, Layer.READ, Layer.LOGIN, Layer.LOGIN_PAGE, Layer.HTTP, Layer.TCP)
"""By which of them it is said whether users are served: the innermost that is probed."""


def told(picture: Picture, version: int, language: Language) -> dict[str, Any]:
    """Everything the page shows; texts of hosts and people are plain text, of which nothing may be interpreted."""
    words = words_of(language)
    page = {
        "version": version,
        "now": time.time(),
        "stage": picture.stage.value,
        "simulated": picture.simulated,
        "site": "" if picture.site is None else picture.site.name,
        "drill": _drill(picture, words),
        "problem": words.value(picture.problem),
        "request": None
        if picture.open is None or picture.site is None
        else shown(picture.open, picture.site, language),
        "answered": words.value(picture.answered),
        "pause": _pause(picture, words),
        "pause_asked": picture.pause_asked,
        "stopped": words.value(picture.stopped),
        "withdrawn": words.together(withdrawal(each.request).in_(language) for each in picture.withdrawn),
        "served": _served(picture),
        "tracks": [_track(each, words) for each in picture.tracks.values()],
        "guests": [_guest(each, words) for each in picture.guests.values()],
        "scenario": _scenario(picture, words),
        "events": [
            {"time": each.time or words.clock(each.at.lab), "severity": words.known("severity", each.severity)}
            | {"message": each.message, "code": each.code}
            for each in reversed(picture.events)
        ],
        "remarks": [
            {"time": words.clock(each.at), "text": each.text.in_(language), "picture": each.picture}
            | {"late": each.late}
            for each in reversed(picture.remarks)
        ],
        "people": [
            {"name": each.name, "role": words(f"people.{each.role}"), "here": each.here}
            | {"attested": (each.name, each.role) in picture.attested}
            for each in picture.people
        ],
        "restored": _restored(picture, words),
        "attest_until": None if picture.attest_until is None else picture.attest_until.timestamp(),
        "verdict": [each.in_(language) for each in picture.verdict],
    }
    shown_page = _visible(page)
    assert isinstance(shown_page, dict)
    return shown_page


def _drill(picture: Picture, words: Words) -> dict[str, Any] | None:
    plan = picture.plan
    if plan is None:
        return None
    return {
        "name": plan.drill,
        "title": plan.title.in_(words.language),
        "number": picture.drill + 1,
        "of": len(picture.drills),
        "chapters": list(_chapters(plan, picture, words)),
        "chapter": picture.at[0],
        "step": picture.at[1] if picture.step_began is not None else -1,
        "began": _clock(picture.step_began, words),
    }


def _chapters(plan: DrillPlan, picture: Picture, words: Words) -> Iterator[dict[str, Any]]:
    for number, chapter in enumerate(plan.chapters):
        steps = [
            {
                "text": f"{step.keyword.in_(words.language)} {step.text.in_(words.language)}",
                "outcome": _outcome(picture.outcomes.get((number, n), Outcome.NOT_RUN)),
            }
            for n, step in enumerate(chapter.steps)
        ]
        yield {"name": chapter.name.in_(words.language), "steps": steps}


def _outcome(outcome: Outcome) -> str:
    return outcome.name.lower()


def _pause(picture: Picture, words: Words) -> dict[str, Any] | None:
    if picture.pause is None or picture.pause_until is None:
        return None
    return {
        "point": words(f"pause.{picture.pause.point.name.lower()}"),
        "by": picture.pause.by,
        "restores": picture.pause.point is PausePoint.RESTORATION,
        "until": picture.pause_until.timestamp(),
    }


def _served(picture: Picture) -> str:
    """By the innermost layer, unless another one has failed after it was looked at."""
    probed = {each.layer: each for each in picture.tracks.values() if each.layer in SERVED and each.last is not None}
    innermost = next((probed[layer] for layer in SERVED if layer in probed), None)
    if innermost is None:
        return Result.UNKNOWN.name.lower() if picture.tracks else ""
    later = (each for each in probed.values() if each.result is Result.FAILED and _last(each) > _last(innermost))
    return next(later, innermost).result.name.lower()


def _last(track: Looked) -> datetime:
    assert track.last is not None, "only of tracks that were probed"
    return track.last


def _track(track: Looked, words: Words) -> dict[str, Any]:
    return {
        "layer": words(f"layer.{track.layer.value}"),
        "of": track.of,
        "result": track.result.name.lower(),
        "since": _clock(track.since, words),
        "last": _clock(track.last, words),
        "seen": "" if track.result is Result.OK else words.value(track.seen),
    }


def _guest(guest: GuestAsked, words: Words) -> dict[str, Any]:
    return {
        "host": guest.host,
        "guest": guest.guest,
        "state": words.known("state", guest.state) if guest.registered else words("state.absent"),
        "running": guest.registered and guest.state == "Running",
        "heartbeat": words.known("heartbeat", guest.heartbeat) if guest.registered and guest.heartbeat else "",
        "networks": list(guest.networks),
        "time": words.clock(guest.at.lab),
    }


def _scenario(picture: Picture, words: Words) -> dict[str, Any] | None:
    asked = picture.scenario
    if asked is None:
        return None
    return {
        "name": asked.name,
        "state": words.known("state", asked.state) if asked.found else words("state.not_there"),
        "direction": words.known("direction", asked.direction) if asked.found else "",
        "time": words.clock(asked.at.lab),
    }


def _restored(picture: Picture, words: Words) -> dict[str, Any] | None:
    done = picture.restored
    if done is None or picture.stage is Stage.PERFORMING:
        return None
    acts = [
        {"name": words.known("restore", act), "outcome": outcome.value if (outcome := done.outcomes.get(act)) else ""}
        for act in done.acts
    ]
    verdict = {True: "restored", False: "differs", None: "unknown"}[done.restored] if done.ended else ""
    return {
        "acts": acts,
        "waits_for": words.value(done.waits_for),
        "verdict": verdict,
        "differences": [each.in_(words.language) for each in done.differences],
    }


def _clock(moment: datetime | None, words: Words) -> str:
    return "" if moment is None else words.clock(moment)


def _visible(value: Any) -> Any:
    """What would hide or reverse text is named, wherever it comes from."""
    match value:
        case str():
            return visible(value)
        case dict():
            return {key: _visible(each) for key, each in value.items()}
        case list():
            return [_visible(each) for each in value]
        case _:
            return value
