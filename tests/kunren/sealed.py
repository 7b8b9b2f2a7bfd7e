"""Sealed records, small enough to be verified some thousand times, and what may be done to their files."""

import importlib.util
import io
import json
import shutil
from contextlib import redirect_stdout
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from journal.course import Environment, Outcome
from journal.seal import JOURNAL, Rendered, Seal, SealedVerdict, content_of, kinds_in, seal, sealed_by
from journal.verification import read_journal
from kunren.records.sealing import VERIFIER, renderer
from lab.model.signing import simulated_key
from tests.reports.journals import lines_of, rewrite
from tests.reports.samples import write_sample

REAL = (
    ('"environment": "simulated"', '"environment": "real"'),
    ('"name": "simulated"', '"name": "tokyo"'),
    (" (SIMULATED)", ""),
)
"""What makes a real record of a simulated one, for who does not look further."""


def write_record(folder, *replaced, key=None, name="passed-en"):
    """A sealed record of that sample, whose lines were replaced before; its report is a stub."""
    write_sample(name, folder)
    lines = json.dumps(lines_of(folder), ensure_ascii=False)
    for old, new in replaced:
        assert old in lines
        lines = lines.replace(old, new)
    first, *rest = json.loads(lines)
    first = {"n": 1, "record": "SIM-simulated-20260115-120405-00c0de", **first}
    rewrite(folder, [first, *rest])
    (folder / "record.json").write_text("{}\n")
    (folder / "report.html").write_text("<!DOCTYPE html><title>訓練</title>\n", encoding="utf-8")
    for each in VERIFIER:
        (folder / each).write_bytes(resources.files("journal").joinpath("verifier", each).read_bytes())
    seal_anew(folder, key or simulated_key())
    return folder


def seal_anew(folder, key):
    """As one who has a key and knows the format would, whatever the record says by now."""
    for each in ("seal.json", "seal.sig", "seal.pem"):
        (folder / each).unlink(missing_ok=True)
    journal = read_journal(folder / JOURNAL)
    covered, rendered = kinds_in(folder)
    wall = datetime(2026, 1, 15, 3, 9, tzinfo=UTC)
    found = Seal(
        record=journal.record,
        journal=journal.journal,
        files={each: content_of(folder / each) for each in covered},
        rendered=Rendered(
            renderer=renderer(), language="en", files={each: content_of(folder / each) for each in rendered}
        ),
        verdict=SealedVerdict(
            outcome=Outcome.PASSED, restoration=Outcome.PASSED, partial=False, interrupted=False, attested=0
        ),
        simulated=journal.simulated,
        environment=Environment(journal.environment),
        site=journal.site,
        began=wall,
        ended=wall,
        sealed=wall,
        key=sealed_by(key.public),
    )
    seal(folder, found, key)


def restored(folder, to):
    """A copy that may be spoilt."""
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(folder, to, symlinks=True)


SCRIPT = Path(str(resources.files("journal").joinpath("verifier", "verify.py")))


def offline():
    """The script in the record, in this process."""
    spec = importlib.util.spec_from_file_location("verify_offline", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def look(folder, key=None):
        """Its exit code, and what it prints."""
        script.found.clear()
        out = io.StringIO()
        with redirect_stdout(out):
            code = script.main([str(folder), *(["--key", str(key)] if key else [])])
        return code, out.getvalue()

    return look
