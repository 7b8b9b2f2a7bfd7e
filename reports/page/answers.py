"""What the first page answers in plain sentences: were users without Garoon, what did they lose, is all as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from journal.course import Outcome
from journal.record import Drill, Restoration
from journal.seen import StateSeen
from lab.model.canaries import Fate, WrittenCanary
from lab.model.objectives import Attained, Attainment
from lab.model.outages import Outage
from lab.model.probing import Acknowledgement
from reports import judge
from reports.findings import USERS, Findings, findings_of
from words import Told, Words


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence; an outcome stands beside it where it is a judgement."""

    text: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """First what was asked for, then what else is to be known; `method` is the small print: how it was come by."""

    subject: str
    question: str
    answered: tuple[Judged, ...]
    more: tuple[str, ...] = ()
    method: tuple[str, ...] = ()


def _answer(
    subject: str, words: Words, answered: tuple[Judged, ...], more: tuple[str, ...] = (), method: tuple[str, ...] = ()
) -> Answer:
    return Answer(subject=subject, question=words(f"answer.{subject}"), answered=answered, more=more, method=method)


def answers(drill: Drill, words: Words) -> tuple[Answer, ...]:
    """In the order in which a reader asks; none of a drill that was not begun."""
    if drill.began is None:
        return ()
    found = findings_of(drill)
    if found is None:
        unmeasured = Judged(words("answer.unmeasured"))
        return (_answer("outage", words, answered=(unmeasured,)), _restored(drill, words))
    return (_without_garoon(found, words), _lost(found, words), _objectives(found, words), _restored(drill, words))


def _without_garoon(found: Findings, words: Words) -> Answer:
    first, *more = _outages(found, words)
    return _answer(
        "outage",
        words,
        answered=(Judged(first),),
        more=tuple(more),
        method=tuple(_probed(found, words)),
    )


def _outages(found: Findings, words: Words) -> Iterator[str]:
    """Of the drill and of the restoration, each with what is not known of it."""
    users = found.users
    if not users.ok + users.failed:
        yield words("answer.outage_unknown")
        return
    if found.during:
        yield _during(found, words)
        yield from _ends(found, words)
    elif found.complete:
        yield words("answer.outage_none", unseen=words.at_most(users.unseen or 0))
    else:
        yield words("answer.outage_unknown_after")
    if found.restoring:
        yield _lasted("answer.restoring", found.restoring, words)


def _during(found: Findings, words: Words) -> str:
    """What went on until the restoration is told as what it was when that began."""
    if not found.cut_off or found.restoration is None:
        return _lasted("answer.outage", found.during, words)
    if all(each.began.latest is not None and each.began.latest >= found.restoration for each in found.during):
        return words("answer.outage_around")
    lower = sum(each.length.lower for each in found.during)
    count = "once" if len(found.during) == 1 else "often"
    return words(f"answer.outage_{count}_cut", n=len(found.during), lower=words.at_least(lower))


def _ends(found: Findings, words: Words) -> Iterator[str]:
    """How each open outage ended after all, as far as it was probed."""
    if found.restoration is None or not found.complete:
        return
    at = words.clock(found.probing.at(found.restoration))
    for outage in found.open:
        if outage.returned is None:
            yield words("answer.cut_unended", at=at)
            continue
        ends = {"earliest": outage.returned.earliest, "latest": outage.returned.latest}
        told = {name: "–" if end is None else words.clock(found.probing.at(end)) for name, end in ends.items()}
        yield words("answer.cut_returned", at=at, **told)


def _lasted(key: str, outages: Sequence[Outage], words: Words) -> str:
    lower = sum(each.length.lower for each in outages)
    uppers = [each.length.upper for each in outages]
    count = "once" if len(outages) == 1 else "often"
    if None in uppers:
        return words(f"{key}_{count}_open", n=len(outages), lower=words.at_least(lower))
    upper = sum(each or 0 for each in uppers)
    return words(f"{key}_{count}", n=len(outages), lower=words.at_least(lower), upper=words.at_most(upper))


def _probed(found: Findings, words: Words) -> Iterator[str]:
    probing, users = found.probing, found.users
    if USERS in probing.every:
        yield words(
            "answer.probed",
            interval=words.given(probing.every[USERS]),
            timeout=words.given(probing.schedule.timeout),
            probes=users.ok + users.failed + users.unknown,
            ok=users.ok,
            failed=users.failed,
            unknown=users.unknown,
            confirmations=probing.schedule.confirmations,
        )
    if probing.ended is None:
        yield words("answer.probing_cut")
    elif probing.problem:
        yield words("answer.probing_early", at=words.clock(probing.ended), problem=probing.problem)


def _lost(found: Findings, words: Words) -> Answer:
    first, *more = _losses(found, words)
    return _answer(
        "lost",
        words,
        answered=(Judged(first),),
        more=tuple(more),
        method=tuple(_canaries(found, words)),
    )


def _losses(found: Findings, words: Words) -> Iterator[str]:
    loss, read = found.loss, found.read
    if not found.canaries:
        yield words("answer.lost_unwritten")
        return
    if loss.lost is None:
        yield words("answer.lost_unread", problem=read.problem) if read else _unread(found, words)
        return
    fates = Counter(canary.fate for canary in found.canaries)
    told = len(_acknowledged(found))
    lower, upper = words.at_least(loss.seconds.lower), loss.seconds.upper
    if loss.lost and not (found.during or found.restoring):
        yield words("answer.lost_some_quietly", lost=loss.lost, n=told)
    elif loss.lost and upper is None:
        yield words("answer.lost_some_open", lost=loss.lost, n=told, lower=lower)
    elif loss.lost:
        yield words("answer.lost_some", lost=loss.lost, n=told, lower=lower, upper=words.at_most(upper or 0))
    elif upper is None:
        yield words("answer.lost_none_open", n=told)
    else:
        yield words("answer.lost_none", n=told, unseen=words.at_most(upper))
    for fate in (Fate.DUPLICATED, Fate.GHOST):
        if fates[fate]:
            yield words(f"answer.{fate.value}", n=fates[fate])
    if found.lost_in_restoration:
        yield words("answer.lost_restoring", n=found.lost_in_restoration)


def _acknowledged(found: Findings) -> list[WrittenCanary]:
    return [canary for canary in found.canaries if canary.acknowledgement is Acknowledgement.ACKNOWLEDGED]


def _unread(found: Findings, words: Words) -> str:
    """Where they were not read before the restoration: what was there after it is told, and proves nothing."""
    late = found.read_after
    if late is None:
        return words("answer.lost_never_read")
    if late.problem:
        return words("answer.lost_unread", problem=late.problem)
    told = _acknowledged(found)
    there = sum(canary.title in late.present for canary in told)
    return words("answer.lost_read_late", n=len(told), there=there)


def _canaries(found: Findings, words: Words) -> Iterator[str]:
    told = Counter(canary.acknowledgement for canary in found.canaries)
    yield words(
        "answer.canaries",
        n=len(found.canaries),
        acknowledged=told[Acknowledgement.ACKNOWLEDGED],
        refused=told[Acknowledgement.REFUSED],
        unknown=told[Acknowledgement.UNKNOWN],
    )
    if found.loss.lost is not None:
        yield words("answer.canaries_sought")
    removed = found.measurement.removed
    if removed is None:
        yield words("answer.canaries_kept")
    elif removed.left or removed.problem:
        yield words("answer.canaries_left", left=removed.left, problem=removed.problem).rstrip()
    else:
        yield words("answer.canaries_removed")


def _objectives(found: Findings, words: Words) -> Answer:
    if all(each.attainment is Attainment.NONE for each in (found.rto, found.rpo)):
        return _answer("objectives", words, answered=(Judged(words("answer.no_objectives")),))
    return _answer(
        "objectives",
        words,
        answered=tuple(attained_sentences(found, words).values()),
        method=(words("answer.objectives_method"),),
    )


def attained_sentences(found: Findings, words: Words) -> Mapping[str, Judged]:
    """Of both objectives, `rto` and `rpo`."""
    looked = found.users.ok + found.users.failed > 0
    unhurt = {"rto": looked and not found.during, "rpo": found.loss.lost == 0}
    cut = {"rto": bool(found.cut_off), "rpo": False}
    judged = {"rto": found.rto, "rpo": found.rpo}
    return {name: _attained(name, each, words, unhurt=unhurt[name], cut=cut[name]) for name, each in judged.items()}


def _attained(name: str, attained: Attained, words: Words, *, unhurt: bool, cut: bool) -> Judged:
    """`unhurt`: nothing was seen of what the objective is about, so that only what may have been missed counts.

    `cut`: an outage went on until the restoration.
    """
    if attained.objective is None:
        return Judged(words(f"answer.{name}_none"))
    lower, upper = attained.measured.lower, attained.measured.upper
    key = f"answer.{name}_{attained.attainment.value}"
    if unhurt:
        key += "_unhurt"
    if upper is None and attained.attainment is Attainment.UNPROVEN:
        key += _openly(lower, unhurt=unhurt, cut=cut)
    sentence = words(
        key,
        objective=words.given(attained.objective),
        lower=words.at_least(lower),
        upper="–" if upper is None else words.at_most(upper),
    )
    return Judged(sentence, judge.OF_ATTAINMENT.get(attained.attainment, Outcome.PASSED))


def _openly(lower: float, *, unhurt: bool, cut: bool) -> str:
    if cut and lower:
        return "_cut"
    return "_open" if lower or unhurt else "_blank"


def _restored(drill: Drill, words: Words) -> Answer:
    outcome, restoration = judge.restoration(drill), drill.restoration
    permitted = restoration.permitted if restoration else ()
    sentence = words(f"answer.restored_{outcome.value}")
    stays = restoration.stays if restoration else ()
    if outcome is Outcome.UNKNOWN and restoration and restoration.ended:
        sentence = words("answer.restored_unread")
    if permitted and outcome is Outcome.PASSED:
        sentence = words("answer.restored_permitted")
    if stays and outcome is Outcome.PASSED:
        sentence = words("answer.restored_stays")
    return _answer(
        "restored",
        words,
        answered=(Judged(sentence, outcome),),
        more=tuple(map(words.value, (*(restoration.differences if restoration else ()), *stays, *permitted))),
        method=(*_compared(drill, words), *_attested(restoration, words)),
    )


def _attested(restoration: Restoration | None, words: Words) -> tuple[str, ...]:
    if restoration is None or not restoration.by:
        return ()
    return (words("answer.compared_attested", by=words.value(restoration.by)),)


def _compared(drill: Drill, words: Words) -> tuple[str, ...]:
    looks = [each for each in drill.everything if isinstance(each, StateSeen)]
    if not looks:
        return ()
    return (words("answer.compared" if looks[0].services else "answer.compared_guests"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`outage` is of the drill alone, the longest of several; what happened while putting back is told in its part."""

    title: Told
    outcome: Outcome
    outage: str
    lost: str
    objectives: tuple[Judged, ...]
    restored: Outcome


def brief(drill: Drill, words: Words) -> Brief:
    found = findings_of(drill)
    return Brief(
        title=drill.title,
        outcome=judge.drill(drill),
        outage=_brief_outage(found, words) if found else words("brief.unmeasured"),
        lost=_brief_loss(found, words) if found else "–",
        objectives=tuple(_brief_objectives(found, words)) if found else (),
        restored=judge.restoration(drill),
    )


def _brief_outage(found: Findings, words: Words) -> str:
    if found.during:
        lower, upper = found.rto.measured.lower, found.rto.measured.upper
        if any(outage.returned for outage in found.open):
            return words("length.cut", lower=words.at_least(lower))
        return words.between(lower, upper)
    if found.complete and found.users.unseen is not None:
        return words("brief.no_outage", unseen=words.at_most(found.users.unseen))
    return words("brief.unknown")


def _brief_loss(found: Findings, words: Words) -> str:
    if found.loss.lost is None or not found.canaries:
        return words("brief.unknown")
    told = sum(canary.acknowledgement is Acknowledgement.ACKNOWLEDGED for canary in found.canaries)
    return words("brief.lost_of", lost=found.loss.lost, n=told)


def _brief_objectives(found: Findings, words: Words) -> Iterator[Judged]:
    judged: dict[str, Attained] = {"rto": found.rto, "rpo": found.rpo}
    for name, attained in judged.items():
        if attained.attainment is not Attainment.NONE:
            word = words(f"attainment.{attained.attainment.value}")
            outcome = judge.OF_ATTAINMENT.get(attained.attainment, Outcome.PASSED)
            yield Judged(words(f"brief.{name}", attained=word), outcome)
