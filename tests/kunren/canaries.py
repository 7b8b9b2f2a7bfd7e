"""Passwords of a lab, each another, in every form in which they might turn up; and who watches for them."""

import base64
import os
import threading
import time
from pathlib import Path
from urllib.parse import quote

from lab.model.hosts import HostRole
from lab.simulator.garoon.settings import new_password
from lab.simulator.serving import USER, SimulatedLab
from lab.simulator.winrm.authentication import Account

LONGEST_FILE = 20_000_000


class CanaryLab(SimulatedLab):
    """Each host has a password of its own."""

    def __init__(self, settings, **options):
        self._accounts = {}
        super().__init__(settings, **options)

    def _listener(self, host, settings):
        self._account = self._accounts[host] = Account(USER, new_password("lab"))
        return super()._listener(host, settings)

    @property
    def endpoints(self):
        found = {}
        for role, endpoint in super().endpoints.items():
            found[role] = type(endpoint)(
                host=endpoint.host,
                url=endpoint.url,
                user=endpoint.user,
                password=self._accounts[endpoint.host].password,
            )
        assert found[HostRole.MASTER].password != found[HostRole.REPLICA].password
        return found


def forms(secret):
    """Bytes that show it: as it is, in UTF-16, in base64 wherever it begins in what is encoded, in an address."""
    found = {quote(secret, safe="").encode(), secret.encode().hex().encode()}
    for encoded in (secret.encode(), secret.encode("utf-16-le")):
        found.add(encoded)
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + encoded)
            found.add(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
    return found


class Watch:
    """For as long as it lasts: the command lines and environments of all processes below, and files in folders."""

    def __init__(self, canaries, folders):
        self._sought = {name: forms(secret) for name, secret in canaries.items()}
        self._folders = folders
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.roots = []
        """Processes to which a person gives the passwords; what they start must not have them."""
        self.seen = set()
        """Names of the programs that were looked at."""
        self.found = set()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def look_at(self, where, content):
        for name, found in self._sought.items():
            if any(each in content for each in found):
                self.found.add((name, where))

    def look_at_files(self):
        for folder in self._folders:
            for file in Path(folder).rglob("*"):
                try:
                    if file.is_file() and not file.is_symlink() and file.stat().st_size < LONGEST_FILE:
                        self.look_at(str(file), file.read_bytes())
                except OSError:
                    continue  # it has gone meanwhile

    def _look(self):
        looks = 0
        while not self._over.wait(0.04):
            for root in list(self.roots):
                self._look_at_process(root, given=True)
            if looks % 50 == 0:
                self.look_at_files()
            looks += 1

    def _look_at_process(self, pid, *, given, of=b""):
        """`given` is one that may have them in its environment, and so has a part of it that is no program yet."""
        process = Path("/proc") / str(pid)
        try:
            command = (process / "cmdline").read_bytes()
            children = [int(child) for task in (process / "task").iterdir() for child in _children(task)]
            self.seen.add(Path(os.fsdecode(command.split(b"\0")[0])).name)
            self.look_at(f"command line of {command!r}", command)
            if not given and command != of:
                self.look_at(f"environment of {command!r}", (process / "environ").read_bytes())
        except OSError:
            return  # it has ended
        for child in children:
            self._look_at_process(child, given=False, of=command)


def _children(task):
    try:
        return (task / "children").read_text(encoding="ascii").split()
    except OSError:
        return []


def browsers_of(folder):
    """Command lines of all browsers, and what drives them, with this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={folder}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes())
        except OSError:
            continue  # it has ended
    return [command for command in found if b"chrom" in command or b"playwright" in command]


def until(condition, within=60.0):
    end = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
    return found
