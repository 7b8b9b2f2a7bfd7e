"""What takes most of a drill's time left out: the browser where no page is looked at, probes where no figure is."""

import lab.site.file
from kunren.running.ahead import BrowserAhead
from lab.drivers.garoon.http import GaroonHttp
from lab.model.garoon import Capture
from lab.model.probing import ProbeSchedule
from lab.opening import GaroonClients

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001e221bc33"
    "0000000049454e44ae426082"
)


class Visitor(GaroonHttp):
    """Speaks HTTP; its pictures are all the same."""

    def start(self):
        """There is no browser to start."""

    def capture(self):
        return Capture(PIXEL, self._endpoint.url, "")


def without_browser():
    BrowserAhead.begin = lambda ahead, url: None
    GaroonClients._browser = lambda clients, endpoint: Visitor(endpoint, clients.clock, logins=clients.logins)


def seldom_probed():
    """Once a minute, where the site file has the interval of the simulated site."""
    usual = lab.site.file.simulated_site().probing.interval

    def schedule(*, interval, **others):
        return ProbeSchedule(interval=60.0 if interval == usual else interval, **others)

    lab.site.file.ProbeSchedule = schedule
