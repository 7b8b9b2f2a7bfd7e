"""Steps about Garoon as its users see it: in a browser, at the URL they have always used."""

from __future__ import annotations

from lab.errors import NotStarted
from lab.model.garoon import Marker
from lab.model.subject import Subject
from lab.ports import Clock, Garoon, Pictures
from steps.course import Course
from steps.observation import Observation
from steps.vocabulary import given_, then_, when_
from steps.wording import Text


@given_(en="Garoon is in use at its original URL", ja="ガルーンが通常の URL で利用されている")
@when_(en="a user opens Garoon at its original URL", ja="利用者がガルーンを通常の URL で開く")
@then_(en="Garoon has stayed in use at its original URL", ja="その間もガルーンは通常の URL で利用できている")
def use_garoon(garoon: Garoon, pictures: Pictures, subject: Subject, observation: Observation) -> None:
    try:
        garoon.log_in()
    except NotStarted as unreachable:
        observation.expect(False, expected=_garoon_at(subject), seen=Text(str(unreachable), str(unreachable)))
    pictures.keep(garoon.capture(), subject.garoon_url)


@then_(
    en="Garoon answers at the URL that was used before, unchanged",
    ja="これまで利用していた URL のままガルーンにアクセスできる",
)
def same_url(garoon: Garoon, subject: Subject, observation: Observation) -> None:
    url = garoon.capture().url
    observation.expect(url.startswith(subject.garoon_url), expected=_garoon_at(subject), seen=Text(url, url))


@given_(
    en="an entry has been made in Garoon on the master host",
    ja="マスタ ホストで運用中のガルーンに予定が登録されている",
)
def entry_made(course: Course, garoon: Garoon, pictures: Pictures, clock: Clock) -> None:
    course.marker = make_entry(course, garoon, clock)
    pictures.keep(garoon.capture(), course.marker.title)


@then_(en="the entry made on the master host is there", ja="マスタ ホストで運用中に登録した予定が反映されている")
def entry_is_there(course: Course, garoon: Garoon, pictures: Pictures, observation: Observation) -> None:
    marker = course.marker
    assert marker is not None, "the Given that makes the entry comes first"
    title = garoon.find_marker(marker)
    pictures.keep(garoon.capture(), marker.title)
    observation.expect(
        title == marker.title,
        expected=Text(f"the entry «{marker.title}»", f"予定「{marker.title}」"),
        seen=Text("no such entry", "その予定は存在しない") if title is None else Text(f"«{title}»", f"「{title}」"),
    )


@then_(en="a new entry can be made", ja="新しい予定を登録できる")
def new_entry(course: Course, garoon: Garoon, clock: Clock, observation: Observation) -> None:
    marker = make_entry(course, garoon, clock)
    title = garoon.find_marker(marker)
    observation.expect(
        title == marker.title,
        expected=Text(f"the new entry «{marker.title}»", f"登録した予定「{marker.title}」"),
        seen=Text(title or "no such entry", title or "その予定は存在しない"),
    )


def make_entry(course: Course, garoon: Garoon, clock: Clock) -> Marker:
    """An appointment whose title says when it was made, on the lab's clock, and which one of the drill it is."""
    number = len(course.markers) + 1
    marker = garoon.write_marker(f"訓練 {clock.now():%Y-%m-%d %H:%M:%S} #{number}")
    course.markers.append(marker)
    return marker


def _garoon_at(subject: Subject) -> Text:
    return Text(f"Garoon at {subject.garoon_url}", f"{subject.garoon_url} でガルーンが応答すること")
