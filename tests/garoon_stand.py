"""A Garoon on its own: a disk that counts its writes, a clock set by hand, and the web front before it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lab.model.endpoints import GaroonEndpoint
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.exchange import ApplicationClosed
from lab.simulator.garoon.front import WebFront
from lab.simulator.garoon.installation import install
from lab.simulator.garoon.settings import GaroonSettings

PASSWORD = "drill-2012"
URL = "http://cybozu.ca.com/scripts/cbgrn/grn.exe"
START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))


@dataclass
class Disk:
    folder: Path
    read_only: bool = False
    writes: int = 0

    def written(self):
        self.writes += 1


@dataclass
class HandSetClock:
    instant: datetime = START

    def now(self):
        return self.instant

    def monotonic(self):
        return (self.instant - START).total_seconds()

    def sleep(self, duration):
        self.instant += duration


@dataclass
class Hurried:
    """Nobody waits for a silent guest; who would have waited, and how long, is kept."""

    visitor: object = None
    spent: list[timedelta] = field(default_factory=list)

    def spend(self, duration):
        self.spent.append(duration)


def new_front():
    return WebFront(Hurried())


@dataclass
class Stand:
    """`boot` is a guest starting from the disk; what it was before is gone, and so are its sessions."""

    folder: Path
    settings: GaroonSettings = field(default_factory=lambda: GaroonSettings(password=PASSWORD))
    clock: HandSetClock = field(default_factory=HandSetClock)
    front: WebFront = field(default_factory=new_front)

    def __post_init__(self):
        install(self.folder, self.clock, self.settings)
        self.boot()

    def boot(self, *, read_only=False):
        self.disk = Disk(self.folder, read_only)
        self.application = GaroonApplication(self.disk, self.clock, self.settings)
        self.front.point_at(self.application)

    def shut_down(self):
        self.application.close()
        self.front.point_at(None)

    def endpoint(self, **changes):
        values = {
            "url": URL,
            "user": self.settings.login_name,
            "password": self.settings.password,
            "connect": f"127.0.0.1:{self.front.port}",
        }
        return GaroonEndpoint(**(values | changes))

    def close(self):
        self.application.close()
        self.front.close()


@dataclass
class Dying:
    """Does what it is asked until a request carries `word`; that one is done too, but never answered."""

    application: GaroonApplication
    word: bytes
    dead: bool = False

    def answer(self, request):
        if self.dead:
            raise ApplicationClosed
        response = self.application.answer(request)
        if self.word in request.path.encode() + request.body:
            self.dead = True
            raise ApplicationClosed
        return response
