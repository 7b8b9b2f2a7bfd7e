"""The command line: the group of all commands."""

from __future__ import annotations

import click

from kunren import __version__
from kunren.commands import (
    afterwards,
    annotating,
    development,
    drilling,
    history,
    planning,
    records,
    runbook,
    sealing,
    site,
)
from kunren.ending import Kunren


@click.group(cls=Kunren, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kunren")
def main() -> None:
    """Failover drills for Cybozu Garoon on Hyper-V, protected by Arcserve High Availability.

    Exit codes: 0 passed, 1 a drill failed, 2 usage, site file or feature, 3 lab not ready and untouched, 4 verdict
    unknown, 5 lab not restored or its state unknown (takes precedence), 70 Kunren itself failed, 130 stopped by the
    operator, lab restored.
    """


for command in (
    site.init,
    site.discover,
    site.check,
    planning.plan,
    drilling.drill,
    afterwards.resume,
    afterwards.restore,
    site.status,
    site.clean,
    site.lab,
    records.report,
    records.compare,
    records.coverage,
    history.history,
    runbook.runbook,
    sealing.verify,
    sealing.key,
    annotating.annotate,
    development.steps,
    development.controls,
):
    main.add_command(command)
