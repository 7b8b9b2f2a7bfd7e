"""A user of Garoon without a browser, which takes most of a drill's time: for drills that are not about pages."""

from lab.drivers.garoon.http import GaroonHttp
from lab.model.garoon import Capture
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
    GaroonClients._browser = lambda clients, endpoint: Visitor(endpoint, clients.clock, logins=clients.logins)
