"""Commands that add to a record what people have to say of its run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, cast

import click

from kunren.commands.options import language_option
from kunren.exits import Exit
from kunren.signals import loading
from kunren.terminal import tell
from words import Told

LANGUAGE = language_option(help="Language (default: that of this machine).", expose_value=False)
RECORD = click.argument("record", type=click.Path(path_type=Path))
TEXT = click.argument("text")


@dataclass(frozen=True, slots=True)
class Author:
    """Who annotates, and with which key."""

    by: str
    role: str
    key: str


def _by_author(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say who adds something."""

    @click.option("--by", required=True, metavar="NAME", help="Your name.")
    @click.option("--role", default="", help="Your role, such as operator, or auditor.")
    @click.option("--sign", "key", default="", metavar="KEY", help="Sign with your own key of that name (kunren key).")
    @LANGUAGE
    @wraps(command)
    def with_author(*, by: str, role: str, key: str, **given: Any) -> int:
        return command(author=Author(by, role, key), **given)

    return cast("Callable[..., int]", with_author)


@click.group()
def annotate() -> None:
    """Add to a RECORD what people have to say of its run: findings, actions, feedback, plan updates, sign-offs.

    It is kept in a file of its own, annotations.jsonl, chained to the journal; the sealed run stays sealed. Exit codes:
    0 added, 2 nothing was added.
    """


@annotate.command()
@RECORD
@TEXT
@click.option(
    "--severity", type=click.Choice(["critical", "major", "minor", "observation"]), required=True, help="Severity."
)
@click.option("--step", default="", help="Where it was seen: a drill, or the number of a step in the report.")
@_by_author
def finding(*, record: Path, text: str, severity: str, step: str, author: Author) -> int:
    """Add a finding TEXT."""
    with loading():
        from journal.annotations import Finding, Severity
        from kunren.records.annotate import add, next_id

    return _said(
        add(
            record,
            lambda so_far: Finding(
                by=author.by,
                role=author.role,
                id=next_id("F", so_far),
                severity=Severity(severity),
                text=text,
                step=step,
            ),
            author.key,
        )
    )


@annotate.command()
@RECORD
@TEXT
@click.option("--owner", required=True, metavar="NAME", help="Who does it.")
@click.option("--due", required=True, metavar="DATE", help="Until when, as 2026-12-31.")
@click.option("--finding", "of", default="", metavar="ID", help="The finding it is for, such as F1.")
@_by_author
def action(*, record: Path, text: str, owner: str, due: str, of: str, author: Author) -> int:
    """Add a corrective action TEXT."""
    with loading():
        from journal.annotations import Action
        from kunren.records.annotate import add, next_id, require_finding

    return _said(
        add(
            record,
            lambda so_far: Action(
                by=author.by,
                role=author.role,
                id=next_id("A", so_far),
                text=text,
                owner=owner,
                due=due,
                finding=require_finding(of, so_far),
            ),
            author.key,
        )
    )


@annotate.command()
@RECORD
@click.argument("of", metavar="ACTION")
@click.argument("status", type=click.Choice(["open", "under way", "done", "dropped"]))
@click.option("--comment", default="", help="What was done, or why not.")
@_by_author
def status(*, record: Path, of: str, status: str, comment: str, author: Author) -> int:
    """Change the status of a corrective ACTION, such as A1."""
    with loading():
        from journal.annotations import ActionChanged, Status
        from kunren.records.annotate import add, require_action

    return _said(
        add(
            record,
            lambda so_far: ActionChanged(
                by=author.by,
                role=author.role,
                action=require_action(of, so_far),
                status=Status(status),
                comment=comment,
            ),
            author.key,
        )
    )


@annotate.command()
@RECORD
@TEXT
@_by_author
def feedback(*, record: Path, text: str, author: Author) -> int:
    """Add what somebody who took part says of the drill."""
    with loading():
        from journal.annotations import Feedback
        from kunren.records.annotate import add

    return _said(add(record, lambda _: Feedback(by=author.by, role=author.role, text=text), author.key))


@annotate.command(name="plan-update")
@RECORD
@TEXT
@click.option("--document", default="", help="What was changed, with its revision.")
@_by_author
def plan_update(*, record: Path, text: str, document: str, author: Author) -> int:
    """Add a change to the plan or to a procedure that was made because of the drill."""
    with loading():
        from journal.annotations import PlanUpdated
        from kunren.records.annotate import add

    return _said(
        add(record, lambda _: PlanUpdated(by=author.by, role=author.role, text=text, document=document), author.key)
    )


@annotate.command(name="sign-off")
@RECORD
@click.option(
    "--as", "signs", type=click.Choice(["preparer", "reviewer", "approver"]), required=True, help="In which part."
)
@click.option("--date", default="", metavar="DATE", help="The date, as 2026-12-31 (default: today).")
@click.option("--comment", default="", help="A comment.")
@_by_author
def sign_off(*, record: Path, signs: str, date: str, comment: str, author: Author) -> int:
    """Sign the run, and the annotations so far."""
    with loading():
        from journal.annotations import SignedOff, SignsAs
        from kunren.records.annotate import add, today

    return _said(
        add(
            record,
            lambda _: SignedOff(
                by=author.by, role=author.role, signs_as=SignsAs(signs), date=date or today(), comment=comment
            ),
            author.key,
        )
    )


@annotate.command(name="list")
@RECORD
@LANGUAGE
def listing(*, record: Path) -> int:
    """List what was added to a RECORD."""
    with loading():
        from kunren.records.annotate import listed

    tell(*listed(record))
    return Exit.PASSED


def _said(lines: Iterable[Told]) -> int:
    tell(*lines)
    return Exit.PASSED
