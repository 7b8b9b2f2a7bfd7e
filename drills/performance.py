"""One drill on one lab, from opening to restoration; every stage is noted in the journal."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from drills.acts import Act, leave_alone
from drills.clocks import HostClocks
from drills.comparison import Comparison, of_canaries, under_way
from drills.course import Course
from drills.interruption import Held, UnderWay
from drills.left_behind import LeftBehind
from drills.measuring import Measuring
from drills.nouns.event_view import EventView
from drills.nouns.guest import Guest
from drills.nouns.lab_state import capture_state
from drills.nouns.observed import Context
from drills.nouns.scenario import Scenario
from drills.observation import Observation
from drills.preconditions import Preconditions, garoon_unmet
from drills.preflight.changes import Former, SiteFacts, TakenDown
from drills.preflight.drill import DrillCheck
from drills.preflight.findings import Severity
from drills.products import note_products
from drills.readiness import Findings, Preflight
from drills.reading import PlannedDrill, PlannedStep
from drills.recording import RecordedEntries, RecordedGaroon, Screenshots, note_event, note_people
from drills.restoration import Restoration
from drills.tenure import Holding, Tenure
from drills.waits import telling
from journal.course import DrillEnded, Ending, RestoreBegan, RestoreWaiting, Restoring
from journal.evidence import EvidenceStore
from journal.people import PersonRelied
from journal.seen import Note, OperatorAnswer, Phase, StateSeen, Undertaken
from journal.writer import Journal
from lab.errors import LabError
from lab.model.garoon import GaroonLayer
from lab.model.hosts import HostRole
from lab.model.replication import ScenarioState
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change, ChangeStage, Undertaking
from lab.model.whereabouts import Whereabouts
from lab.opening import Lab
from lab.ports import Garoon, GaroonEntries, GaroonHealth
from words import Language, Quoted, Term, Told, sentence

SETTLING_CUT = sentence("measuring.cut_short")
T = TypeVar("T")


def _always(_acts: Sequence[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """How the operator wants the lab restored: `agreed` is asked about the acts; with `stay` a moved guest remains."""

    mode: Restoring = "auto"
    agreed: Callable[[Sequence[str]], bool] = _always
    stay: bool = False


@dataclass(slots=True)
class Performance:
    """A drill under way: the opened lab, what steps share, and the state the lab has to return to."""

    drill: PlannedDrill
    lab: Lab
    subject: Subject
    language: Language
    journal: Journal
    evidence: EvidenceStore
    way_back: WayBack = field(default_factory=WayBack)
    tenure: Tenure | None = None
    former: Former | None = None
    """What has changed since that record is noted before the first chapter."""
    course: Course = field(default_factory=Course)
    garoon: Garoon = field(init=False)
    garoon_health: GaroonHealth = field(init=False)
    pictures: Screenshots = field(init=False)
    observation: Observation = field(init=False)
    context: Context = field(init=False)
    event_view: EventView = field(init=False)
    measuring: Measuring = field(init=False)
    before: LabState = field(init=False)
    whereabouts: Whereabouts = field(init=False)
    defects: list[str] = field(default_factory=list)
    """Tracebacks of what failed in Kunren itself while the lab was restored."""
    _surveyor: Preflight = field(init=False)
    _entries: GaroonEntries = field(init=False)
    _told: TakenDown = field(init=False)
    _clocks: HostClocks = field(init=False)

    @property
    def _holding(self) -> Holding:
        return Holding(self.lab.safety.lease, self.tenure, self.journal)

    def begin(self, left: LeftBehind | None = None) -> None:
        """Everything that can be found wrong is found here, before anything is touched.

        A run that is resumed has `left` behind the state to return to, and what it had begun.
        """
        if left is not None:
            self.course = left.course(self.lab.garoon.remains(), self.course.whole)
            self.course.begun_midway = True
        browser = self.lab.garoon.browser()
        browser.start()
        self.pictures = Screenshots(self.evidence, self.course)
        self.garoon = RecordedGaroon(browser, "browser", self.subject.garoon_url, self.journal, self.pictures)
        self._prepare()
        if left is not None:
            left.require_lease(self.lab.safety.lease)
        self.before = now = self._look_over(resumes=left is not None)
        if (self.drill.changes or left is not None) and self._holding.claim():
            self.before = now = self._look_again()
        self.whereabouts = Whereabouts(self.before.running_on(self.subject.guest)[0])
        if left is not None:
            self.before, self.whereabouts = left.before or now, left.whereabouts
            self.lab.safety.guard.adopt(left.begun, left.doubtful)
        self.lab.safety.guard.note = self._note_undertaking
        note_products(self.lab, self.garoon_health, self.subject, self.observation, self._told)
        after = left.commanded_after or None if left is not None else None
        self.event_view = EventView(self.lab.rha.replication, note_event(self.journal), self.context, after=after)
        self._told.write(StateSeen.of(Phase.BEFORE, self.before))
        if left is not None:
            self._note_state(Phase.DURING, now)
        if self.former is not None:
            for change in self.former.changes(self._told.facts):
                about = {"record": self.former.record, "change": change}
                self.observation.note(sentence("changes.since", **about))
        for service in self._surveyor.not_installed(self.before):
            self.observation.note(sentence("state.not_installed", service=service))

    def take_up(self, left: LeftBehind) -> None:
        """In place of `begin`: the state before is that of a run that has died, and what it had begun is this one's."""
        self.course = course = left.course(self.lab.garoon.remains(), self.course.whole)
        self._prepare()
        self._surveyor.require_own_names()
        left.require_lease(self.lab.safety.lease)
        self.before = left.before or self._surveyor.survey()
        now = self._surveyor.survey_what_answers(self.before)
        for found in left.found(now, course, self.subject.guest):
            self.observation.note(found)
        self._holding.claim()
        self.whereabouts = left.whereabouts
        self.lab.safety.guard.adopt(left.begun, left.doubtful)
        self.lab.safety.guard.note = self._note_undertaking
        self.event_view = EventView(self.lab.rha.replication, note_event(self.journal), self.context)
        self.journal.write(StateSeen.of(Phase.BEFORE, self.before))

    def _prepare(self) -> None:
        """What looks at the lab and changes nothing."""
        self.lab.safety.guard.asked = False
        people = self.lab.people
        if people is not None:
            people.desk.listen(note_people(self.journal))
            people.attention.relied = self._note_reliance
        asking = None if people is None else people.attention
        self.observation = Observation(self.lab.clock, self.journal, self.language, self.lab.limits, asking)
        self.context = Context(self.subject, self.course, self.observation, self.lab.clock)
        self.measuring = Measuring(self.lab.measurement, self.lab.clock, self.journal)
        visitor = self.lab.garoon.http()
        self.garoon_health = visitor
        self._entries = RecordedEntries(visitor, "http", self.subject.garoon_url, self.journal)
        self._told = TakenDown(self.journal, SiteFacts())
        self._clocks = HostClocks(self.lab.clock, self.journal, self.observation)
        self._surveyor = Preflight(
            subject=self.subject,
            hosts=self.lab.hosts,
            replication=self.lab.rha.replication,
            journal=self._told,
            home=self.lab.rha.home.name,
            apart=self.lab.rha.apart,
        )
        self.course.disposable = self.lab.disposable

    def _look_over(self, *, resumes: bool) -> LabState:
        """LabNotReady names everything that was found wrong."""
        found, preconditions = Findings(), self._preconditions()
        state = self._surveyor.check(self._clocks, found)
        if state is not None:
            with found.collecting():
                found.add(*self._surveyor.lacking_rights(state))
            found.add(*preconditions.unmet(state))
            with found.collecting():
                self._note_findings(state, found, only_asks=preconditions.only_asks)
        hours = self.lab.safety.hours_to_avoid
        if hours is not None and hours.include(self.lab.clock.now()) and self.drill.wants_quiet_hours:
            found.add(sentence("readiness.business_hours"))
        with found.collecting():
            self._look_over_garoon(found)
        if not resumes and self.lab.rha.home.name in self._surveyor.heard:
            with found.collecting():
                found.add_first(*self._holding.other_run(self.observation, asks=not preconditions.changes))
        found.require_none()
        assert state is not None, "a lab that could not be read is a finding"
        return state

    def _note_findings(self, state: LabState, found: Findings, *, only_asks: bool) -> None:
        """A drill that only asks looks at the same for itself, and a lab made for the run is what it is to be."""
        for each in DrillCheck(lab=self.lab, subject=self.subject, journal=self._told).findings(state):
            if each.severity is Severity.ERROR and not only_asks and not self.lab.disposable:
                found.add(each.told)
            else:
                self.observation.note(each.told)

    def _look_over_garoon(self, found: Findings) -> None:
        layers = self.garoon_health.examine()
        if (problem := garoon_unmet(layers, self.subject.garoon_url)) is not None:
            found.add(problem)
            found.login_refused = found.login_refused or layers[-1].layer is GaroonLayer.LOGIN

    def _look_again(self) -> LabState:
        """What the former run did until its lease was replaced belongs to the state before this drill."""
        found = Findings()
        state = self._surveyor.survey()
        found.add(*self._preconditions().unmet(state))
        found.require_none()
        return state

    def _preconditions(self) -> Preconditions:
        return Preconditions(
            subject=self.subject,
            needs=self.drill.needs,
            changes=self.drill.changes,
            disposable=self.lab.disposable,
        )

    def require_lease(self) -> None:
        """Another run that has taken the site over is the one that acts there: LeaseLost."""
        self._holding.require()

    def _note_undertaking(self, undertaking: Undertaking, host: str, stage: ChangeStage) -> None:
        if undertaking.change is Change.SWITCH_OVER:
            match stage:
                case ChangeStage.BEGUN:
                    self.whereabouts.commanded()
                case ChangeStage.NOT_BEGUN:
                    self.whereabouts.declined()
        self.journal.write(Undertaken(change=undertaking.change, subject=undertaking.subject, host=host, phase=stage))

    def _note_reliance(self, by: tuple[str, ...], age: timedelta | None) -> None:
        self.journal.write(PersonRelied(by=by, age=age))

    def allow(self, changes: frozenset[Change], *, premise: bool) -> None:
        """What the step about to run declares may be sent; a premise acts only in a lab that is gone with the run."""
        self.lab.safety.guard.asked = bool(changes) or (premise and self.lab.disposable)

    def begin_step(self, step: PlannedStep) -> None:
        self.pictures.unseen = None
        self.allow(step.changes, premise=step.kind == "given")
        if self.lab.people is not None:
            self.lab.people.attention.begin_step(judges=not step.changes)

    def end_step(self) -> None:
        self.allow(frozenset(), premise=False)
        if self.lab.people is not None:
            self.lab.people.attention.end_step()

    def end(self, reason: Ending, held: Held) -> bool | None:
        """Restores and compares, whatever fails on the way; None when the comparison itself could not be made."""
        self._trying(lambda: self.look_round(Phase.AFTER))
        if reason is Ending.FINISHED and self._trying(lambda: self.measuring.settle(held)) is False:
            self.observation.note(SETTLING_CUT)
            reason = Ending.INTERRUPTED
        self._trying(self.measuring.read_back)
        restoration = self._restoration(held)
        self._trying(lambda: self._settle_doubts(held))
        acts = self._trying(restoration.acts) or ()
        began = RestoreBegan(mode=self.way_back.mode, acts=tuple(act.name for act in acts))
        self._trying(lambda: self.journal.write(began))
        with nullcontext() if self.lab.disposable else telling(held, self._tell_of_wait):
            stays = self._trying(lambda: self._restore(restoration, acts)) or False
            held.under_way = under_way(held, self.lab.limits.question)
            canaries_left = self._trying(self.measuring.end)
            self._trying(self._note_events)
            left = 1 if canaries_left is None else canaries_left
            restored = self._trying(lambda: self._compare(left, held, stays=stays))
            self._trying(self._compare_clocks)
            self._trying(self._holding.release)
        because = held.because if reason is Ending.INTERRUPTED else None
        self.journal.write(DrillEnded(drill=self.drill.name, reason=reason, text=because))
        return restored

    def _tell_of_wait(self, doing: UnderWay) -> None:
        """A call that an act makes without a wait of its own lasts as long as the longest limit of a call."""
        limits = self.lab.limits
        call = max(limits.question, limits.start, limits.stop, limits.replication)
        left = doing.left if doing.waits_for else call
        condition = doing.waits_for or sentence("restoration.host_answers")
        self.journal.write(RestoreWaiting(act=doing.act, condition=condition, left=left))

    def _trying(self, act: Callable[[], T]) -> T | None:
        """A defect of Kunren's own keeps nothing after it from being tried; it is kept, and told in the end."""
        try:
            return act()
        except Exception:  # noqa: BLE001
            self.defects.append(traceback.format_exc())
            return None

    def look_round(self, moment: Phase) -> None:
        """Notes new events and the state of the lab, as far as they can be read at this moment."""
        self._note_events()
        try:
            self._note_state(moment, self._state())
        except LabError as error:
            self.journal.write(
                Note(text=sentence("state.unread", phase=sentence(f"evidence.{moment.value}"), error=error))
            )

    def _note_events(self) -> None:
        try:
            self.event_view.refresh()
        except LabError as error:
            self.observation.note(sentence("events.unread", error=error))

    def _restore(self, restoration: Restoration, acts: Sequence[Act]) -> bool:
        """Undoes what the drill has begun, if the operator agrees; whether the guest stays where it was moved to."""
        if not acts:
            return False
        if (why := self._left_alone(acts)) is not None:
            leave_alone(acts, why, self.journal)
            return False
        certain = {act.name for act in restoration.acts(certain=True)}
        doubtful = [act for act in acts if act.name not in certain]
        leave_alone(doubtful, sentence("restoration.doubtful"), self.journal)
        self.lab.safety.guard.asked = True
        try:
            restoration.run([act for act in acts if act not in doubtful])
        finally:
            self.lab.safety.guard.asked = False
            self.defects += restoration.defects
        return restoration.stays

    def _settle_doubts(self, held: Held) -> None:
        """Whether people have begun what they did not say was done is for them to tell, before anything is undone."""
        people, guard = self.lab.people, self.lab.safety.guard
        for doubt in guard.doubtful:
            begun = None if people is None or held.asked_again else people.was_begun(doubt.undertaking, doubt.host)
            if begun is None:
                continue
            guard.settle(doubt, begun=begun)
            if not begun and doubt.undertaking.change is Change.INJECT_FAULT:
                self.course.faults.pop()

    def _left_alone(self, acts: Sequence[Act]) -> Told | None:
        if self._holding.taken_over:
            return sentence("restoration.taken_over", lease=self._holding.taken_over)
        if self.way_back.mode == "never":
            return Quoted("--restore never")
        names = [act.name for act in acts]
        agreed = self.way_back.agreed(names)
        if self.way_back.mode == "ask":
            answered = "yes" if agreed else "no"
            self.journal.write(
                OperatorAnswer(
                    asked=sentence("operator.restore", acts=tuple(Term("restore", name) for name in names)),
                    answered=answered,
                )
            )
        return None if agreed else sentence("restoration.declined")

    def _compare(self, canaries_left: int, held: Held, *, stays: bool) -> bool | None:
        comparison = Comparison(
            lab=self.lab,
            subject=self.subject,
            before=self.before,
            course=self.course,
            surveyor=self._surveyor,
            entries=self._entries,
            journal=self.journal,
            note=lambda now: self._note_state(Phase.RESTORED, now),
            defects=self.defects,
        )
        canaries = of_canaries(left=canaries_left, lost=self.measuring.lost_in_restoration)
        return comparison.make(held, tuple(canaries), stays=stays)

    def _compare_clocks(self) -> None:
        asked = {self.subject.host(role): self.lab.hosts[role].windows for role in HostRole}
        if (apart := self.lab.rha.apart) is not None:
            asked[apart.name] = apart.windows
        for host, windows in asked.items():
            try:
                self._clocks.ask(host, windows, Phase.AFTER)
            except LabError as error:
                self.journal.write(Note(text=sentence("measuring.clock_unread", host=host, error=error)))

    def _restoration(self, held: Held) -> Restoration:
        to_restore = replace(self.lab.rha, replication=self.lab.rha.restoring)
        return Restoration(
            lab=self.lab,
            subject=self.subject,
            before=self.before,
            whereabouts=self.whereabouts,
            course=self.course,
            guests=[Guest(host, self.context) for host in self.lab.hosts.values()],
            scenario=Scenario(to_restore, self.event_view, self.context),
            garoon=self._entries,
            observation=self.observation,
            journal=self.journal,
            look_round=lambda: self.look_round(Phase.DURING),
            held=held,
            stay=self.way_back.stay,
        )

    def _state(self) -> LabState:
        return capture_state([host.hyperv for host in self.lab.hosts.values()], self.lab.rha.replication)

    def _note_state(self, moment: Phase, state: LabState) -> None:
        """A state in which a switchover is under way tells nothing of where the guest belongs."""
        running, scenario = state.running_on(self.subject.guest), state.scenario(self.subject.scenario)
        if len(running) == 1 and not (scenario and scenario.state is ScenarioState.SWITCHING_OVER):
            self.whereabouts.seen(running[0])
        self.journal.write(StateSeen.of(moment, state))
