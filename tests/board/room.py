"""A board with a desk and a journal, and browsers that talk to its real server."""

import json
import re
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import requests

from board.attendant import AtWork
from drills.recording import note_people
from journal.course import DrillBegan, Ending, Environment, RunBegan, RunEnded
from journal.masking import Masking
from journal.writer import JournalFile
from kunren.people.boarding import BoardOptions, RunBoard
from lab.clock import SystemClock
from lab.drivers.operator.desk import Desk
from lab.model.limits import Limits
from lab.model.tasks import Field, FieldKind, Question, Rows, Task
from tests.journal.sample_entries import noted
from tests.under_way import entries_so_far
from words import sentence

SECRET = "Kanarien-8843-vogel"
STEP = {"keyword": "Given", "text": "the scenario runs"}
PLAN = {
    "drill": "4-1",
    "title": {"en": "Planned switchover", "ja": "正常時のスイッチオーバー"},
    "file": "4-1.feature",
    "sha256": "",
    "guide": [],
    "chapters": [{"name": "Switch over", "guide": [], "left_out": False, "steps": [STEP, STEP]}],
}
SITE = {
    "name": "lab",
    "master": "MASTER",
    "replica": "REPLICA",
    "garoon_url": "http://garoon.example",
    "guest": "Garoon",
    "scenario": "S",
}


def beginning(environment="simulated"):
    entry = noted(
        what="run.began",
        schema=1,
        kunren="0",
        language="en",
        operator=None,
        environment=environment,
        site=SITE,
        time_zone="",
        seed=1,
        objectives={},
        digests=None,
        controls=None,
        python="",
        platform="",
        drills=[PLAN],
    )
    assert isinstance(entry, RunBegan)
    assert entry.environment is Environment(environment)
    return entry


def task(limit=30.0, **changed):
    fields = {"operation": "switch_over", "subject": "S", "host": "REPLICA", "limit": timedelta(seconds=limit)}
    return Task(**fields | {"values": (("name", "S"), ("run_reverse", "False"))} | changed)


def question(limit=30.0, rows=Rows.ONE_OR_NONE):
    fields = (
        Field(name="version", kind=FieldKind.TEXT),
        Field(name="blocks_copied", kind=FieldKind.NUMBER, optional=True),
        Field(name="up_to_date", kind=FieldKind.FLAG),
    )
    return Question(
        operation="engine_version",
        subject="MASTER",
        host="REPLICA",
        limit=timedelta(seconds=limit),
        rows=rows,
        fields=fields,
    )


class Stand:
    """A run whose drill only asks what a test asks; its thread is the test's own."""

    def __init__(self, folder, limits, **options):
        self.folder = folder
        (folder / "evidence").mkdir()
        self.clock = SystemClock()
        self.journal = JournalFile(folder, clock=self.clock, wall=self.clock, masking=Masking([SECRET]))
        self.links = []
        self.browsers = []
        self.authority = str(options["certificate"]) if "certificate" in options else True
        self.board = RunBoard(BoardOptions(**options))
        self.board._announce = lambda link, person: self.links.append((link, person))
        self.board.begin(self.journal, folder, limits, "en")
        self.journal.write(beginning())
        self.board.open()
        self.journal.write(DrillBegan(drill="4-1"))
        self.desk = Desk(self.clock)
        self.desk.attend(self.board.attendant)
        self.desk.listen(note_people(self.journal))
        self.board.attendant.serve(AtWork(give=self.desk.answer, clock=self.clock))

    @property
    def origin(self):
        return self.links[0][0].partition("/enter/")[0]

    def asking(self, request):
        """Asks on a thread of its own, as a drill does; its `answer` is there when it has been joined."""

        asking = Asking(self.desk, request)
        asking.start()
        until(lambda: self.board._state.picture.open is not None)
        return asking

    def opened(self):
        """A browser that nobody has let in."""
        browser = Browser(self.origin, self.authority)
        self.browsers.append(browser)
        return browser

    def browser(self, name="Sato", role="operator"):
        """Comes in by the last link."""
        browser = self.opened()
        assert browser.enter(self.links[-1][0], name, role).ok
        assert browser.token
        return browser

    def another_browser(self, inviting, name, role):
        assert inviting.post("invite", {}).ok
        return self.browser(name, role)

    def entries(self, what):
        return [entry for entry in entries_so_far(self.folder / "journal.jsonl") if entry["what"] == what]

    def close(self):
        self.board._room.close()
        self.journal.write(RunEnded(reason=Ending.FINISHED))
        self.board.end((sentence("board.lab_restored"),))
        self.journal.close()
        for browser in self.browsers:
            browser.close()


class Asking(threading.Thread):
    def __init__(self, desk, request):
        super().__init__()
        self._pose = desk.perform if isinstance(request, Task) else desk.ask
        self._request = request
        self.answer = None

    def run(self):
        self.answer = self._pose(self._request)


class Browser(requests.Session):
    """Sends what the page sends; all that it has been answered is in `seen`."""

    def __init__(self, origin, verify):
        super().__init__()
        self.origin = origin
        self.verify = verify
        self.trust_env = False  # which would name other authorities
        self.seen = []
        self.token = ""
        self.hooks["response"].append(self._keep)

    def _keep(self, answer, **_):
        if "event-stream" not in answer.headers.get("content-type", ""):
            self.seen.append(answer.text)

    def enter(self, link, name="Sato", role="operator"):
        answer = self.post_form(link, {"name": name, "role": role})
        found = re.search(r'data-token="([^"]+)"', answer.text)
        self.token = found[1] if found else ""
        return answer

    def post_form(self, link, fields):
        return super().post(link, data=fields, headers={"Origin": self.origin}, timeout=10)

    def post(self, act, sent, **headers):
        all_of_them = {"Origin": self.origin, "X-Board": self.token} | headers
        present = {name: value for name, value in all_of_them.items() if value is not None}
        return super().post(f"{self.origin}/{act}", json=sent, headers=present, timeout=10)

    def page(self, path="/"):
        return self.get(f"{self.origin}{path}", timeout=10)

    @contextmanager
    def pictures(self, language="en"):
        """The pictures that /events brings, as they come."""
        with self.get(f"{self.origin}/events?lang={language}", stream=True, timeout=10) as stream:
            assert stream.status_code == 200, stream.text
            yield self._told(stream)

    def _told(self, stream):
        for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
            if line.startswith("data: "):
                self.seen.append(line)
                yield json.loads(line.removeprefix("data: "))

    def picture(self, language="en"):
        """The newest."""
        with self.pictures(language) as pictures:
            return next(pictures)


def until(condition, within=10.0):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def quick(**changed):
    return Limits(**{"task": timedelta(seconds=30), "answer": timedelta(seconds=30)} | changed)
