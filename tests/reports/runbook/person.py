"""A person who knows only the Markdown runbook, how to read English, and how to click: performs it, line by line."""

import html
import re
from dataclasses import dataclass, field

from lab.model.replication import ScenarioState
from tests.reports.runbook.site import Puzzled

ITEM = re.compile(r"(?P<indent> *)(?:-|\d+\.) (?P<box>☐ )?(?P<text>.*)")
EVERY_S = 15


@dataclass
class Act:
    title: str
    where: str = ""
    clicks: list = field(default_factory=list)


@dataclass
class Step:
    number: str
    before: list = field(default_factory=list)
    acts: list = field(default_factory=list)
    expect: list = field(default_factory=list)


def plain(text):
    """As it is shown."""
    return html.unescape(re.sub(r"\\(.)", r"\1", text.replace("<!-- -->", "")))


def read(markdown):
    """The steps, and the click paths of the places where one looks."""
    steps, looks = [], {}
    lines = looking = None
    for line in markdown.splitlines():
        if heading := re.fullmatch(r"#### (\S+) .*", line):
            steps.append(Step(heading[1]))
            lines = looking = None
        elif heading := re.fullmatch(r"### (L\d+) .*\((.*)\)", line):
            looking = looks[heading[1]] = Act(heading[1], plain(heading[2]))
        elif item := ITEM.fullmatch(line):
            lines = _item(steps, looking, lines, item)
    return steps, looks


def _item(steps, looking, lines, item):
    """Where the next items belong."""
    text, numbered = plain(item["text"]), item[0].lstrip()[0].isdigit()
    if looking is not None:
        looking.clicks.append(text)
        return lines
    if not steps:
        return None
    step = steps[-1]
    if text.startswith("**Do**"):
        step.acts.append(Act(text.removeprefix("**Do**: ")))
        return None
    if text.startswith("**"):
        return {"**Check before**": step.before, "**Expect**": step.expect}.get(text)
    if numbered:
        step.acts[-1].clicks.append(text)
    elif text.startswith("Where: "):
        step.acts[-1].where = text.removeprefix("Where: ")
    elif item["box"] and lines is not None:
        lines.append(text)
    return lines


class Person:
    """Believes nothing but what is seen, and does nothing that is not written."""

    def __init__(self, site, markdown):
        self.site, self.manager = site, site.manager
        self.steps, self.looks = read(markdown)
        self.performed = []
        self.entries, self.inside = {}, {}
        self.url = None
        self._started_for = 0

    def perform(self):
        for step in self.steps:
            for line in step.before:
                self._see(line)
            if not step.acts and not step.expect:
                raise Puzzled(f"{step.number}: nothing to do, and nothing to see")
            for act in step.acts:
                if not act.clicks or not act.where:
                    raise Puzzled(f"{step.number}: {act.title} does not say where and how")
                self._do(act.clicks, act.where, step)
            for line in step.expect:
                self._see(line)
            self.performed.append(step.number)

    # -- what is done --------------------------------------------------------------------------------------------------

    def _do(self, clicks, where, step=None):
        for click in clicks:
            text = re.sub(r" \(spelling of .* not verified\)$", "", click)
            done = [
                act
                for pattern, act in CLICKS
                if (found := re.match(pattern, text)) and not act(self, found, where, step)
            ]
            if not done:
                raise Puzzled(f"what does “{text}” mean?")

    def _select(self, found, *_):
        self.manager.select(found[1])

    def _press(self, found, *_):
        self.manager.press(found[1])

    def _set(self, found, *_):
        self.manager.set(found[1], found[2])

    def _await_message(self, found, _where, _step):
        self._until(lambda: any(found[1].rstrip("。") in each for each in self.manager.messages()), 3600, found[1])

    def _open_garoon(self, found, *_):
        self.url = found[1]
        self.site.garoon(self.url).log_in()

    def _open_inside(self, found, *_):
        self.url = found[1].replace("cybozu.ca.com", "localhost")
        self.site.garoon(self.url).log_in()

    def _enter(self, *_):
        kept = self.entries if self.url == self.site.names["garoon_url"] else self.inside
        title = f"Entry {len(self.entries) + len(self.inside) + 1}"
        kept[title] = self.site.garoon(self.url).write_marker(f"KUNREN {title}")

    def _find(self, *_):
        first = next(iter(self.entries.values()))
        if self.site.garoon(self.url).find_marker(first) != first.title:
            raise Puzzled("the entry is missing")

    def _connect(self, found, *_):
        if self.site.machine(found[1]) != "Running":
            raise Puzzled("there is nothing to connect to")
        self.site.console_of = found[1]

    def _disconnect(self, *_):
        self.site.console_of = None

    def _read(self, *_):
        """Only looked at; what has to be seen stands among what is expected."""

    # -- what is seen --------------------------------------------------------------------------------------------------

    def _see(self, line):
        text, _, facts = line.partition(" – ")
        where, limit = facts.split(" · ")[0], re.search(r"limit (\d+) min", facts)
        if look := re.search(r"\((L\d+)\)", where):
            self._go_and_look(look[1], where, text)
        found = [check for pattern, check in SIGHTS if (match := re.search(pattern, text))]
        if not found:
            raise Puzzled(f"how does one see “{text}”?")
        match = next(match for pattern, _ in SIGHTS if (match := re.search(pattern, text)))
        host = where.rpartition(" on ")[2].partition(" (")[0]
        seconds = int(limit[1]) * 60 if limit else 0
        self._until(lambda: found[0](self, match, host), seconds, text)

    def _go_and_look(self, look, where, text):
        """The place is described, in the window that is named; there a person also makes what is missing."""
        place = self.looks.get(look)
        if place is None or not place.clicks or not where.startswith(place.where):
            raise Puzzled(f"where is {where}?")
        if "has been made" in text or ("new entry can be made" in text and "test virtual machine" not in text):
            self._do(place.clicks, where)

    def _until(self, check, seconds, text):
        waited = 0
        while not check():
            if waited >= seconds:
                raise Puzzled(f"not seen: {text}")
            self.site.wait(seconds=EVERY_S)
            waited += EVERY_S

    def _message(self, found, _host):
        awaited = re.sub(r"[\s。<>]", "", found[1])
        return any(awaited in re.sub(r"[\s。<>]", "", each) for each in self.manager.messages())

    def _is(self, state):
        return self.manager.state() == self.manager.called(state)

    def _present(self, entries, url, *, wanted=True):
        garoon = self.site.garoon(url)
        return bool(entries) and all((garoon.find_marker(each) == each.title) == wanted for each in entries)

    @property
    def _users(self):
        return self.site.names["garoon_url"]

    @property
    def _within(self):
        return self._users.replace("cybozu.ca.com", "localhost")

    def _new_inside(self):
        return self.site.garoon(self._within).write_marker("KUNREN one more") is not None

    def _idle(self, minutes):
        self.site.wait(minutes=minutes)
        return True


CLICKS = (
    (r"Select the scenario ([\w-]+)", Person._select),
    (r"Click (?:the button )?\[([^\]]+)\]", Person._press),
    (r"Select .* and click \[([^\]]+)\]", Person._press),
    (r"In the .*, click \[([^\]]+)\]", Person._press),
    (r"Set \[([^\]]+)\]: (on|off)\.", Person._set),
    (r"In \[Events\], wait for the message .*\((\S.*?)\), and note its time\.", Person._await_message),
    (r"Open (http\S+?),? (?:as a user does, |)(?:and )?log in", Person._open_garoon),
    (r"Enter (http\S+) with its host name replaced by localhost", Person._open_inside),
    (r"Make a(?:n| new) entry", Person._enter),
    (r"Find the entry", Person._find),
    (r"On (\S+), right-click the virtual machine .* and click \[Connect\]", Person._connect),
    (r"Close the console", Person._disconnect),
    (r"(?:See|Watch|Log on|In \[Statistics\]|In Hyper-V Manager|On \S+, watch)", Person._read),
)
"""What an instruction asks for; one that is none of these is not understood."""

SIGHTS = (
    (r'event "(.*)" appears', Person._message),
    (r"(?:switchover|integrity test) (?:has been performed|has ended)", lambda me, *_: bool(me.manager.messages())),
    (r"scenario runs from the master host to the replica", lambda me, *_: me._is(ScenarioState.RUNNING)),
    (r"switchover begins", lambda me, *_: me._is(ScenarioState.SWITCHING_OVER) or any(me.manager.messages())),
    (r"scenario has stopped automatically", lambda me, *_: me._is(ScenarioState.STOPPED)),
    (r"(\d+) minutes later reverse", lambda me, found, _: me._idle(int(found[1])) and me._is(ScenarioState.STOPPED)),
    (r'product column shows "(.*)"', lambda me, found, _: me.manager.scenario()["product"] == found[1]),
    (r"One minute has passed", lambda me, *_: me._idle(1)),
    (r"shut down automatically", lambda me, _, host: me.site.machine(host) == "Off"),
    (r'machine is "off"', lambda me, _, host: me.site.machine(host) == "Off"),
    (r'machine is registered and "running"', lambda me, _, host: me.site.machine(host) == "Running"),
    (r"machine (?:runs|starts automatically) on the replica", lambda me, _, host: me.site.machine(host) == "Running"),
    (r"master host is still running", lambda me, _, host: me.site.machine(host) == "Running"),
    (r"integrity test is in progress", lambda me, *_: me.site.machine(me.site.hosts["replica"]) is not None),
    (r"removed from the replica", lambda me, _, host: me.site.machine(host) is None),
    (r"only to an internal", lambda me, _, host: set(me.site.networks(host)) == {"Internal"}),
    (r"same computer name", lambda me, *_: me.site.console_of == me.site.hosts["replica"]),
    (r"no blocks were compared", lambda me, *_: me.manager.synchronised_once),
    (r"test virtual machine responds", lambda me, *_: me.site.garoon(me._within).log_in() is None),
    (
        r"entry made on the master host is present in the test",
        lambda me, *_: me._present([*me.entries.values()][:1], me._within),
    ),
    (r"new entry can be made in the test", lambda me, *_: me._new_inside()),
    (
        r"pending and absent from the test",
        lambda me, *_: me._present([*me.entries.values()][1:], me._within, wanted=False),
    ),
    (r"production entry .* is present in the test", lambda me, *_: me._present([*me.entries.values()][1:], me._within)),
    (
        r"first test is absent from the test",
        lambda me, *_: me._present([*me.inside.values()][:1], me._within, wanted=False),
    ),
    (r"entry made in the test is absent", lambda me, *_: me._present([*me.inside.values()], me._users, wanted=False)),
    (
        r"Garoon (?:is|has remained) available|Garoon responds",
        lambda me, *_: me.site.garoon(me._users).log_in() is None,
    ),
    (
        r"entr.* made .*on the master host|entry made on the master",
        lambda me, *_: me._present([*me.entries.values()], me._users),
    ),
    (r"new entry can be made", lambda me, *_: me._present([*me.entries.values()], me._users)),
)
"""What is to be seen, and how one sees it; the first that fits counts."""
