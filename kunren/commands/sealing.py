"""Commands for seals: what a record proves, and the keys of those who seal."""

from __future__ import annotations

from pathlib import Path

import click

from kunren.commands.options import language_option
from kunren.exits import Exit
from kunren.signals import loading
from kunren.terminal import READER, tell

LANGUAGE = language_option(help="Language (default: that of this machine).", expose_value=False)


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The site's public key, PEM, from a source of its own.")
@click.option("--tsa", type=click.Path(path_type=Path), help="Root certificates of time-stamp authorities, PEM.")
@LANGUAGE
def verify(*, record: Path, key: Path | None, tsa: Path | None) -> int:
    """Say what a RECORD proves: consistent, complete, sealed by whom, its report as written from it, and what not.

    Reads only. The record has a verify.py that does the same without Kunren. Exit codes: 0 all that a record can prove
    is proven, 1 it was altered, 2 it cannot be read, 4 something is not proven (no seal, an unknown key).
    """
    with loading():
        from kunren.records.verify import verify as look
        from words import words_of

    found = look(record, key, tsa)
    tell(*found.lines(words_of(READER.language)))
    return found.code


@click.group()
def key() -> None:
    """Make a key that seals records, and tell Kunren whose keys it knows."""


@key.command()
@click.argument("name")
@click.option("--keyring", metavar="SERVICE/USER", default="", help="Keep the private key in the keyring.")
@LANGUAGE
def new(*, name: str, keyring: str) -> int:
    """Make a key NAME and print what the site file has to say of it."""
    with loading():
        from kunren.records.keys import new as make

    tell(*make(name, keyring))
    return Exit.PASSED


@key.command()
@LANGUAGE
def show() -> int:
    """List the keys that are known here, with their ids."""
    with loading():
        from kunren.records.keys import show as listed

    tell(*listed())
    return Exit.PASSED


@key.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What its records are said to be sealed by (default: the name of the file).")
@LANGUAGE
def trust(*, file: Path, name: str) -> int:
    """Take the public key in a PEM FILE for a known one; the key of simulated runs is refused."""
    with loading():
        from kunren.records.keys import trust as taken

    tell(taken(file, name))
    return Exit.PASSED
