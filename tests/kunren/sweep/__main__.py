"""`python -m tests.kunren.sweep`: so many kills; those that a results file has already are not repeated."""

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

from tests.kunren.sweep.instants import Course
from tests.kunren.sweep.play import Kill, Played, play, whole
from tests.kunren.sweep.stage import MODES, Stage

ATTEMPTS = 4


class Results:
    """A line of JSON for each kill and each whole course, so that a sweep that was ended goes on later."""

    def __init__(self, file):
        self._file = file
        self.courses, self.played = {}, {}
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
            self._add(json.loads(line))

    def note_course(self, mode, drill, course):
        self._write({"course": [mode, drill], **asdict(course)})

    def note(self, played):
        self._write(asdict(played))

    def _write(self, values):
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(values)}\n")
        self._add(values)

    def _add(self, values):
        if "course" in values:
            key = tuple(values.pop("course"))
            self.courses[key] = Course(**values)
        else:
            self.played[values["number"]] = Played(**values)


class Sweep:
    """Kills in their order, on a lab that is made anew where one has left it as it was not before."""

    def __init__(self, folder, results):
        self._folder = folder
        self._results = results
        self._stages = 0
        self._stage = None

    def play(self, kill):
        key = (kill.mode, kill.name)
        if key not in self._results.courses:
            self._results.note_course(*key, self._course_of(kill))
        stage = self._stage_for(kill)
        played = play(stage, self._folder, kill, self._results.courses[key])
        if stage.truth() != stage.before:
            self.close()
        return played

    def _course_of(self, kill):
        """At so many lab seconds a second a drill may see too late what it waits for: another attempt then."""
        for _ in range(ATTEMPTS):
            if (course := whole(self._stage_for(kill), self._folder, kill)) is not None:
                return course
        raise AssertionError(f"{kill.drill} does not pass")

    def _stage_for(self, kill):
        """One at a time, as their passwords have the same names."""
        if self._stage is not None and self._stage.idle is not kill.idle:
            self.close()
        if self._stage is None:
            self._stages += 1
            self._stage = Stage(Path(mkdtemp(prefix="stage-", dir=self._folder)) / "lab", idle=kill.idle)
        return self._stage

    def close(self):
        stage, self._stage = self._stage, None
        if stage is not None:
            stage.close()


def table(played):
    """Kills of each drill and mode: how many, after how many the lab was as before, told as it is, and neither."""
    yield f"{'drill':35}{'mode':12}{'kills':>6}{'as before':>11}{'told':>6}{'wrong':>7}"
    for drill, mode in sorted({(each.drill, each.mode) for each in played}):
        yield _row(f"{drill:35}{mode:12}", [each for each in played if (each.drill, each.mode) == (drill, mode)])
    yield _row(f"{'all':47}", played)
    stretches = Counter(each.stretch.rstrip("0123456789.+ s").strip() for each in played if each.killed)
    yield ", ".join(f"{stretch}: {n}" for stretch, n in sorted(stretches.items()))


def _row(head, played):
    killed = [each for each in played if each.killed]
    right = [each for each in killed if not each.wrong]
    as_before = sum(each.as_before for each in right)
    wrong = sum(bool(each.wrong) for each in played)
    return f"{head}{len(killed):6}{as_before:11}{len(right) - as_before:6}{wrong:7}"


def sweep(results, *, kills, seed, modes, folder, until=float("inf"), tell=print):
    """Until there are so many kills; a run that had ended before its instant came is not counted as one."""
    sweeping = Sweep(folder, results)
    number = 0
    try:
        while sum(each.killed for each in results.played.values()) < kills and time.monotonic() < until:
            number += 1
            if number not in results.played:
                played = sweeping.play(Kill.of(seed, number, modes))
                results.note(played)
                tell(played.line())
    finally:
        sweeping.close()
    return list(results.played.values())


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.kunren.sweep", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--by", choices=[*MODES, "both"], default="both")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long, to go on later")
    parser.add_argument("--results", type=Path, help="file to go on from (default: a new one)")
    given = parser.parse_args()
    folder = Path(mkdtemp(prefix="kunren-sweep-"))
    file = given.results or folder / "kills.jsonl"
    print(f"results: {file}; what goes wrong is left in {folder}", flush=True)  # noqa: T201
    played = sweep(
        Results(file),
        kills=given.kills,
        seed=given.seed,
        modes=tuple(MODES) if given.by == "both" else (given.by,),
        folder=folder,
        until=time.monotonic() + given.minutes * 60,
        tell=lambda line: print(line, flush=True),  # noqa: T201
    )
    print(*table(played), sep="\n")  # noqa: T201
    sys.exit(any(each.wrong for each in played))


if __name__ == "__main__":
    main()
