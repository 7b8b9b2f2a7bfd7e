"""What was measured and what it proves, for record.json: figures and bounds, not each probe."""

from __future__ import annotations

from collections import Counter
from typing import Any

from journal.course import Site
from journal.measured import CanariesRead
from journal.record import Drill
from lab.model.canaries import Fate
from lab.model.objectives import Attained
from lab.model.outages import Outage
from lab.model.probing import Acknowledgement
from lab.model.recovery import Recovery
from reports import recoveries
from reports.findings import Findings, findings_of
from reports.plain import Otherwise, fields_of, plain


def measured(drill: Drill, site: Site) -> dict[str, Any] | None:
    """None where nothing was measured. Seconds count from the origin of probing, as in the journal."""
    if drill.measurement is None:
        return None
    found = findings_of(drill)
    return {
        "marks": [
            {"at": plain(each.at.lab), "kind": plain(each.mark), "text": plain(each.text)}
            for each in drill.measurement.marks
        ],
        "clock_offsets": [
            {"host": each.host, "moment": plain(each.moment), **plain(each.comparison)}
            for each in drill.measurement.clocks
        ],
        "probed": _probed(found, recoveries.of_drill(drill, found, site)) if found else None,
    }


def _probed(found: Findings, recovered: tuple[Recovery, ...]) -> dict[str, Any]:
    probing = found.probing
    return {
        "origin": plain(probing.origin),
        **plain(probing.schedule),
        "ended": plain(probing.ended),
        "problem": plain(probing.problem),
        "tracks": [
            {**plain(track), "interval": probing.every[track], **plain(availability, OTHERWISE)}
            for track, availability in found.tracks.items()
        ],
        "users": fields_of(found, "during", "restoring", otherwise=OTHERWISE),
        "restoration": found.restoration,
        **fields_of(found, "rto", "rpo", otherwise=OTHERWISE),
        "recoveries": plain(recovered, OTHERWISE),
        "canaries": _canaries(found),
    }


def _read(read: CanariesRead | None) -> dict[str, Any] | None:
    return None if read is None else {"at": plain(read.at.lab), "problem": plain(read.problem)}


def _with_open(found: Outage | Attained) -> dict[str, Any]:
    return {**fields_of(found, otherwise=OTHERWISE), "open": found.open}


OTHERWISE: Otherwise = {Outage: _with_open, Attained: _with_open}


def _canaries(found: Findings) -> dict[str, Any]:
    told = Counter(canary.acknowledgement for canary in found.canaries)
    fates = Counter(canary.fate for canary in found.canaries)
    removed = found.measurement.removed
    return {
        "written": len(found.canaries),
        **{each.value: told[each] for each in Acknowledgement},
        "fates": {fate.value: fates[fate] for fate in Fate},
        **plain(found.loss),
        "lost_titles": [canary.title for canary in found.canaries if canary.fate is Fate.LOST],
        "read": _read(found.read),
        "read_after": _read(found.read_after),
        "lost_in_restoration": found.lost_in_restoration,
        "removed": removed and fields_of(removed, "removed", "left", "problem"),
    }
