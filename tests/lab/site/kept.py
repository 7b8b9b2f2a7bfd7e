"""A keyring of the system that is a file, as a test has written it."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

FILE = "KEPT_IN"


class Kept(KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        Path(os.environ[FILE]).write_text(json.dumps({**self._all(), f"{service}/{username}": password}), "utf-8")

    def _all(self):
        file = Path(os.environ[FILE])
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
