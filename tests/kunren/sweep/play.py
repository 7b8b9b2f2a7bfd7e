"""One kill: a drill is killed, its operator looks and restores, and the lab is compared with what is told of it."""

import dataclasses
import random
import shutil
import signal
import time
from dataclasses import dataclass, field
from subprocess import TimeoutExpired

from journal.reader import read_journal
from kunren.exits import Exit
from kunren.running.afterwards import RESUMES
from tests.kunren.sweep.instants import Course, KillIn, Stretch
from words import words_of

DRILLS = (
    ("4-1-clean-switchover",),
    ("4-2-host-failure",),
    ("4-2-line-cut-automatic",),
    ("6-1-assured-recovery",),
    ("6-2-host-maintenance", "--from", "2"),
    ("6-2-host-maintenance", "--chapter", "1"),
)
"""Each with what makes it begin while the scenario runs, but for the last, which begins while it is stopped."""
WEIGHTS = {
    Stretch.PREFLIGHT: 2,
    Stretch.BEFORE_ACTS: 2,
    Stretch.ACT: 6,
    Stretch.COURSE: 5,
    Stretch.TASK: 3,
    Stretch.RESTORATION: 5,
    Stretch.RECORD: 2,
}
IN_FLIGHT_S = 0.3
"""Of the wall: an act is sent and its first effects are there."""
RESTORATION_S = 3.0
"""About as long as a restoration takes, of the wall."""
ATTEMPTS = 2
"""What is told to be left after one restoration is restored by another, unless it is for people to put right."""
KILLED = -signal.SIGKILL
NOT_AS_BEFORE = words_of("en")("lab_state.differs")


@dataclass(frozen=True)
class Kill:
    """What is done at which instant; all of it follows from the seed and the number."""

    number: int
    mode: str
    drill: tuple
    stretch: Stretch
    share: float
    """Of the stretch, or of its acts or tasks."""
    after: float
    """Share of the seconds an act is in flight."""
    resumes: bool
    again: tuple
    """Shares of a restoration at which it is killed in its turn."""
    dutiful: bool
    resume_killed: float | None
    """Share of a restoration after which that, too, is killed."""

    @classmethod
    def of(cls, seed, number, modes):
        chance = random.Random(f"{seed}/{number}")
        mode, drill = chance.choice(modes), chance.choice(DRILLS)
        weights = {each: n for each, n in WEIGHTS.items() if each is not Stretch.TASK or asks(mode, drill)}
        [stretch] = chance.choices(list(weights), list(weights.values()))
        return cls(
            number=number,
            mode=mode,
            drill=drill,
            stretch=stretch,
            share=chance.random(),
            after=chance.random(),
            resumes=chance.random() < 0.2,
            again=tuple(chance.random() for _ in range(chance.choices((0, 1, 2), (6, 3, 1))[0])),
            dutiful=chance.random() < 0.5,
            resume_killed=chance.choice((None, chance.random())),
        )

    @property
    def name(self):
        """Of the drill, and what of it."""
        return " ".join(self.drill)

    @property
    def idle(self):
        """Whether the scenario does not run when the drill begins."""
        return self.drill == DRILLS[-1]

    def at(self, course):
        """The instant, in a run that goes as one that was not killed."""
        if self.stretch in {Stretch.ACT, Stretch.TASK}:
            many = course.acts if self.stretch is Stretch.ACT else course.tasks
            return KillIn(self.stretch, self.after * IN_FLIGHT_S, 1 + int(self.share * many))
        return KillIn(self.stretch, self.share * course.seconds[self.stretch.value])


def asks(mode, drill):
    """Whether people are given tasks."""
    return mode == "operator" or drill[0].startswith("4-2")


@dataclass
class Played:
    """What came of a kill; `wrong` is empty where the lab is as before, or what is told of it is right."""

    number: int
    mode: str
    drill: str
    stretch: str
    killed: bool = False
    came: list = field(default_factory=list)
    as_before: bool = False
    told: str = ""
    wrong: str = ""
    wall_s: float = 0.0

    def line(self):
        end = self.wrong or ("as before" if self.as_before else f"told: {self.told}")
        return f"{self.number:4}  {self.drill:32} {self.mode:10} {self.stretch:28} {', '.join(self.came)}: {end}"


def whole(stage, folder, kill):
    """What a drill takes that nobody kills, and which leaves the lab as it was; None where it has not passed."""
    record, began = folder / f"{kill.mode}-{kill.drill[0]}", time.time()
    done = _drill(stage, record, kill.mode, kill.drill)
    ended = time.time()
    assert stage.truth() == stage.before, done.stdout + done.stderr
    entries = [line.entry() for line in read_journal(record / "journal.jsonl").lines]
    shutil.rmtree(record)
    if done.returncode not in {Exit.PASSED, Exit.UNKNOWN}:
        return None
    return Course.of(entries, began, ended)


def play(stage, folder, kill, course):
    """Leaves the record where something is wrong."""
    began, record, instant = time.time(), folder / f"kill-{kill.number}", kill.at(course)
    nth = f" {instant.nth}" if kill.stretch in {Stretch.ACT, Stretch.TASK} else ""
    played = Played(kill.number, kill.mode, kill.name, f"{kill.stretch.value}{nth} +{instant.after:.2f} s")
    stage.person.dutiful = kill.dutiful
    try:
        done = _drill(stage, record, kill.mode, kill.drill, instant)
        stage.person.idle()
        played.killed = done.returncode == KILLED
        if played.killed:
            _after(stage, record, kill, played)
        else:
            played.came.append(f"ended with {done.returncode}")
            played.wrong = _judged(stage, done, played)
    except TimeoutExpired as late:
        played.wrong = str(late)
    played.wall_s = time.time() - began
    if not played.wrong:
        for each in folder.glob(f"{record.name}*"):
            shutil.rmtree(each)
    return played


def _drill(stage, record, mode, drill, *kills):
    arguments = ("--site", stage.sites[mode], "--confirm", "tokyo", "--lang", "en", "--out", record)
    return stage.command("drill", *drill, *arguments, kills=kills)


def _after(stage, record, kill, played):
    """As an operator goes on: looks, resumes or restores, as often as that is killed as well, and looks again."""
    played.came.append("killed")
    if not (record / "journal.jsonl").exists():
        played.wrong = _nothing_begun(stage, played)
        return
    journal = (record / "journal.jsonl").read_bytes()
    status = stage.command("status", "--site", stage.sites[kill.mode])
    points = f"kunren restore {record}" in status.stdout
    if status.returncode not in {0, 5} or points is not (status.returncode == 5):
        played.wrong = f"status ended with {status.returncode}: {status.stdout}{status.stderr}"
        return
    last = record
    if kill.resumes:
        share = kill.resume_killed
        kills = [] if share is None else [KillIn(Stretch.PREFLIGHT, share * RESTORATION_S)]
        done = stage.command("resume", record, "--confirm", "tokyo", kills=kills)
        stage.person.idle()
        played.came.append(f"resume {done.returncode}")
        if "Traceback" in done.stderr or done.returncode == Exit.INTERNAL:
            played.wrong = f"resume: {done.stdout}{done.stderr}"
            return
        if (resumed := record.with_name(f"{record.name}{RESUMES}")).exists():
            last = resumed
    for share in kill.again:
        killed = stage.command("restore", record, "--yes", kills=[KillIn(Stretch.PREFLIGHT, share * RESTORATION_S)])
        stage.person.idle()
        played.came.append("restore killed" if killed.returncode == KILLED else f"restore {killed.returncode}")
    for _ in range(ATTEMPTS):
        done = stage.command("restore", record, "--yes")
        played.came.append(f"restore {done.returncode}")
        played.wrong = _judged(stage, done, played)
        if played.wrong or played.as_before:
            break
    played.wrong = played.wrong or _free(stage, kill, played, last)
    if (record / "journal.jsonl").read_bytes() != journal:
        played.wrong = "the record of the killed run has been changed"


def _nothing_begun(stage, played):
    played.as_before = stage.truth() == stage.before
    return "" if played.as_before else "no journal, and the lab is not as before"


def _judged(stage, done, played):
    """What is wrong about the last sentence and the exit code; empty where they are true."""
    now, said = stage.truth(), done.stdout + done.stderr
    last = said.strip().splitlines()[-1] if said.strip() else ""
    played.as_before = now == stage.before
    if "Traceback" in said or done.returncode == Exit.INTERNAL:
        return f"broken down: {said}"
    played.told = ""
    if played.as_before:
        return "" if done.returncode != Exit.NOT_RESTORED else f"it is as before, and told otherwise: {said}"
    different = sorted(_different(stage.before, now))
    played.told = ", ".join(different)
    unnamed = [each for each in different if each not in said]
    if done.returncode != Exit.NOT_RESTORED or last != NOT_AS_BEFORE:
        return f"not as before ({played.told}), and told otherwise: {said}"
    return f"not told: {', '.join(unnamed)}: {said}" if unnamed else ""


def _free(stage, kill, played, last):
    """Whether the site is free for the next run, and the record of the killed one can be read."""
    status = stage.command("status", "--site", stage.sites[kill.mode])
    if played.as_before and status.returncode != 0:
        return f"status ended with {status.returncode}: {status.stdout}{status.stderr}"
    if kill.number % 4:
        return ""
    report = stage.command("report", last)
    return "" if report.returncode in {0, 4} else f"report ended with {report.returncode}: {report.stderr}"


def _different(before, now):
    """What is not as it was, each by the words of a comparison."""
    for host, was in before["hosts"].items():
        is_now = now["hosts"][host]
        if was["powered"] != is_now["powered"]:
            yield host
        for guest in {*was["guests"], *is_now["guests"]}:
            if was["guests"].get(guest) != is_now["guests"].get(guest):
                yield f"{host}/{guest}"
        yield from (f"{host} service/{name}" for name in {*was["services"]} ^ {*is_now["services"]})
        yield from (f"{host} switch/{name}" for name in {*was["switches"]} ^ {*is_now["switches"]})
    was, is_now = ({each[0]: each for each in state["scenarios"]} for state in (before, now))
    yield from (f"RHA/{name}" for name in {*was, *is_now} if was.get(name) != is_now.get(name))
    yield from {*(before["entries"] or ())} ^ {*(now["entries"] or ())}


def as_json(played):
    return dataclasses.asdict(played)
