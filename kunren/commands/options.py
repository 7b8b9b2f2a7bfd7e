"""Options that several commands share, and what is made of them."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.interruption import Stops
from kunren.ending import Misused
from kunren.signals import loading
from kunren.terminal import MASKING, READER
from lab.site.built_in import SIMULATED, written_language
from words import LANGUAGES, Language, sentence

if TYPE_CHECKING:
    from lab.site.file import Site

SITE = click.option("--site", type=click.Path(path_type=Path), help="Site file (default: built-in simulated lab).")


def _choose_language(_context: click.Context, _option: click.Parameter, value: Language | None) -> Language | None:
    READER.chosen = value
    return value


def language_option(**settings: Any) -> Callable[[Any], Any]:
    """The option by which a reader chooses a language."""
    return click.option("--lang", "language", type=click.Choice(LANGUAGES), callback=_choose_language, **settings)


LANGUAGE = language_option(help="Language (default: the site's).")


class Number(click.FloatRange):
    """A number within bounds; what is no number compares with none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(str(value), param, ctx)
        return number


def amount(unit: str) -> Callable[[click.Context, click.Parameter, str], float]:
    """A callback that reads a number with an optional unit."""

    def read(_context: click.Context, _option: click.Parameter, value: str) -> float:
        found = re.fullmatch(rf"(\d{{1,7}}(?:\.\d{{1,3}})?) *{unit}?", value.strip(), re.ASCII)
        if found is None:
            raise Misused(sentence("usage.amount", value=value, unit=unit))
        return float(found[1])

    return read


def reason(_context: click.Context, option: click.Parameter, value: str | None) -> str:
    """A callback for why something unusual is wanted; it is recorded, so blanks are none."""
    if value is not None and not value.strip():
        raise Misused(sentence("usage.no_reason", option=option.opts[0]))
    return value or ""


def stops_of_run() -> Stops:
    """The stop requests of this process."""
    return click.get_current_context().ensure_object(Stops)


def spoken_of(chosen: Language | None, site: Path | None = None) -> Language:
    """The chosen language, else that of the site."""
    return chosen or ((written_language(SIMULATED) or "en") if site is None else site_of(site).language)


def speak_as(path: Path | None) -> None:
    """What is told from now on is in the language of a site file, which need not be right otherwise."""
    if path is not None:
        READER.of_site = written_language(path) or READER.of_site


def site_of(path: Path | None, *, to_discover: bool = False) -> Site:
    """Load and validate a site file, including its simulator table."""
    with loading():
        from lab.simulator.mutations.catalogue import mutated
        from lab.site.file import load_site

    speak_as(path or SIMULATED)
    site = load_site(path or SIMULATED, os.environ, to_discover=to_discover)
    MASKING.hide(site.secrets())
    mutated(site.simulation.mutations if site.simulation else ())
    return site
