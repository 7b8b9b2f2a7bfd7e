"""What a drill needs of the machine that runs it, asked before a record is begun or a host is spoken to."""

from __future__ import annotations

import platform
import sys
import tempfile

from kunren.exits import Exit, Stop
from words import sentence

FILES = 256
"""A drill of the simulated lab has 30 open at a time; its browser came up with 128 and not with 96."""
ADDRESS_SPACE = 96 << 30
"""What Chromium reserves and does not use: it came up with 95 GiB and crashed with 76 GiB."""


def require_machine() -> None:
    """A limit that can be raised is raised; raises Stop with what to change where it cannot."""
    try:
        tempfile.gettempdir()
    except OSError as error:
        raise Stop(Exit.NOT_READY, sentence("machine.no_temporary_folder")) from error
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # Windows has no such limits

        files = _raised(resource.RLIMIT_NOFILE, FILES)
        if files < FILES:
            raise Stop(Exit.NOT_READY, sentence("machine.files", n=files, needed=FILES))
        space = _raised(resource.RLIMIT_AS, ADDRESS_SPACE)
        if space < ADDRESS_SPACE:
            told = sentence("machine.address_space", n=f"{space / (1 << 30):.1f}", needed=ADDRESS_SPACE >> 30)
            raise Stop(Exit.NOT_READY, told)


def system() -> str:
    """As `platform.platform` tells it, which starts a program that would inherit passwords, except on Windows."""
    if sys.platform == "win32":
        return platform.platform()
    library = "".join(platform.libc_ver())
    told = (platform.system(), platform.release(), platform.machine(), *(("with", library) if library else ()))
    return "-".join(filter(None, told))


def _raised(limit: int, needed: int) -> float:
    """The limit after it has been raised as far as it can be and is needed."""
    import resource  # noqa: PLC0415

    soft, hard = (float("inf") if each == resource.RLIM_INFINITY else each for each in resource.getrlimit(limit))
    if soft >= needed or hard <= soft:
        return soft
    raised = min(needed, hard)
    resource.setrlimit(limit, (int(raised), resource.RLIM_INFINITY if hard == float("inf") else int(hard)))
    return raised
