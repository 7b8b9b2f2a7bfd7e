"""Garoon as its users see it, and the entries this drill makes in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from drills.nouns.observed import Context, Observed
from drills.observation import handed_on
from drills.wording import entry_text
from lab.errors import Indeterminate
from lab.model.entry_titles import drill_title
from lab.model.garoon import Examination, Marker, Product
from lab.model.limits import Within
from lab.ports import Garoon, GaroonHealth, Pictures
from words import Quoted, Told, sentence


class GaroonPage:
    """Garoon in a browser, at one address."""

    def __init__(self, browser: Garoon, pictures: Pictures, context: Context) -> None:
        self.context = context
        self._browser = browser
        self._pictures = pictures

    def log_in(self) -> None:
        self._browser.log_in()

    def picture(self, caption: str = "") -> None:
        """Keeps a picture of the page, under its address where nothing else is said of it."""
        capture = self._browser.capture()
        self._pictures.keep(capture, caption or capture.url)

    def expect_address(self, beginning: str) -> None:
        url = self._browser.capture().url
        self.context.observation.expect(url.startswith(beginning), expected=_responds(beginning), seen=Quoted(url))

    def write(self, title: str) -> Marker:
        return self._browser.write_marker(title)

    def find(self, marker: Marker) -> str | None:
        """The title that the entry's number has now."""
        return self._browser.find_marker(marker)

    def expect_entry(self, marker: Marker) -> None:
        """The picture is kept whatever it shows: where the entry is missing, it is the evidence."""
        title = self.find(marker)
        self.picture(marker.title)
        self.context.observation.expect(
            title == marker.title,
            expected=sentence("steps.garoon.entry", title=marker.title),
            seen=entry_text(title, marker),
        )

    def expect_no_entry(self, marker: Marker) -> None:
        """Numbers of entries are given on either side independently: another entry under the number is not this one."""
        title = self.find(marker)
        self.context.observation.expect(
            title != marker.title,
            expected=sentence("steps.garoon.no_entry", title=marker.title),
            seen=entry_text(title, marker),
        )


class GaroonService(GaroonPage, Observed[tuple[Examination, ...]]):
    """Garoon at its original URL. Looked at, it is examined layer by layer.

    `marker` is the entry a drill looks for, `entries` are those it looks for by name.
    """

    def __init__(self, browser: Garoon, health: GaroonHealth, pictures: Pictures, context: Context) -> None:
        super().__init__(browser, pictures, context)
        self.marker: Marker | None = None
        self.entries: dict[str, Marker] = {}
        self._made_at: dict[str, datetime] = {}
        self._health = health

    def now(self) -> tuple[Examination, ...]:
        return self._health.examine()

    def told(self, seen: tuple[Examination, ...]) -> Told:
        last = seen[-1]
        return sentence("steps.garoon.layer", layer=sentence(f"garoon_layer.{last.layer.value}"), seen=last.seen)

    def named(self, name: str) -> Marker:
        """The entry of that name; raises LeftOut where the drill began after it was made."""
        return self.context.kept(self.entries.get(name), sentence("errors.drill.no_entry", name=name))

    def product(self) -> Product:
        return self._health.product()

    def await_response(self, within: Within) -> None:
        self.until(
            lambda layers: all(layer.sound for layer in layers),
            _responds(self.context.subject.garoon_url),
            within,
            timedelta(seconds=10),
        )

    def visit(self, within: Within = timedelta()) -> None:
        """Every layer of Garoon answers, then the browser is logged in and its page kept as a picture."""
        self.await_response(within)
        self.log_in()
        self.picture(self.context.subject.garoon_url)

    def make_entry(self) -> Marker:
        """An appointment whose title says when it was made, on the lab's clock, and which one of the drill it is."""
        course, clock = self.context.course, self.context.clock
        title = drill_title(clock.now(), len(course.markers) + 1)
        with course.whole():
            try:
                marker = self.write(title)
            except Indeterminate:
                course.unanswered.append(title)
                raise
            course.markers.append(marker)
            self._made_at[marker.title] = clock.now()
        return marker

    def expect_new_entry(self) -> None:
        marker = self.make_entry()
        title = self.find(marker)
        self.context.observation.expect(
            title == marker.title,
            expected=sentence("steps.garoon.new_entry", title=marker.title),
            seen=entry_text(title, marker),
        )

    def expect_losses_within(self, seconds: int) -> None:
        """A lost entry is no longer Kunren's to remove: another one may get its number."""
        course, observation = self.context.course, self.context.observation
        observation.take_up("fault")
        fault_at = handed_on(course.fault_at, sentence("errors.drill.no_incident"))
        before = [marker for marker in course.markers if self._made_at[marker.title] <= fault_at]
        lost = [marker for marker in before if self.find(marker) != marker.title]
        course.markers[:] = [marker for marker in course.markers if marker not in lost]
        ages = {marker.title: (fault_at - self._made_at[marker.title]).total_seconds() for marker in lost}
        told = tuple(sentence("steps.garoon.lost", title=title, age=f"{age:.1f}") for title, age in ages.items())
        about = {"n": len(lost), "all": len(before), "titles": told}
        seen = sentence("steps.garoon.losses" if lost else "steps.garoon.no_losses", **about)
        observation.note(seen)
        observation.expect(
            len(lost) < len(before) and all(age <= seconds for age in ages.values()),
            expected=sentence("steps.garoon.losses_within", seconds=seconds),
            seen=seen,
        )


def _responds(url: str) -> Told:
    return sentence("steps.garoon.responds", url=url)
