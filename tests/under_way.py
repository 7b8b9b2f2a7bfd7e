"""A journal while its run writes it."""

import json


def entries_so_far(journal):
    """Those of its whole lines: what is there of the next may end in the midst of a character."""
    written = journal.read_bytes() if journal.exists() else b""
    return [json.loads(line) for line in written.split(b"\n")[:-1]]
