"""Steps about Garoon as its users see it: in a browser, at the URL they have always used."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.observation import Observation, handed_on, kept
from drills.vocabulary import given_, then_, when_
from drills.wording import Text, entry_text
from lab.errors import Indeterminate
from lab.model.entry_titles import drill_title
from lab.model.garoon import Marker
from lab.model.limits import LongWait, Within, at_least
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock, Garoon, GaroonHealth, Pictures


@given_(en="Garoon is available at its original URL", ja="ガルーンが通常の URL で利用されている")
@then_(en="Garoon has remained available at its original URL", ja="その間もガルーンは通常の URL で利用できている")
def garoon_in_use(
    garoon: Garoon, garoon_health: GaroonHealth, pictures: Pictures, subject: Subject, observation: Observation
) -> None:
    visit(garoon, garoon_health, pictures, subject, observation, within=timedelta())


@when_(
    en="a user opens Garoon at its original URL, retrying for up to {minutes:Minutes} minutes",
    ja="利用者がガルーンを通常の URL で開く（最長 {minutes:Minutes} 分間試みる）",
)
def open_garoon(
    minutes: int,
    garoon: Garoon,
    garoon_health: GaroonHealth,
    pictures: Pictures,
    subject: Subject,
    observation: Observation,
) -> None:
    visit(garoon, garoon_health, pictures, subject, observation, within=at_least(minutes, LongWait.SWITCHOVER))


def visit(
    garoon: Garoon,
    health: GaroonHealth,
    pictures: Pictures,
    subject: Subject,
    observation: Observation,
    *,
    within: Within,
) -> None:
    """Every layer of Garoon answers, then the browser is logged in and its page kept as a picture."""
    await_garoon(health, subject, observation, within=within)
    garoon.log_in()
    pictures.keep(garoon.capture(), subject.garoon_url)


def await_garoon(health: GaroonHealth, subject: Subject, observation: Observation, *, within: Within) -> None:
    observation.until(
        health.examine,
        lambda layers: all(layer.sound for layer in layers),
        expected=_garoon_at(subject),
        seen=lambda layers: Text(*2 * [f"{layers[-1].layer.value}: {layers[-1].seen}"]),
        within=within,
        every=timedelta(seconds=10),
    )


@then_(
    en="Garoon responds at the same URL as before",
    ja="これまで利用していた URL のままガルーンにアクセスできる",
)
def same_url(garoon: Garoon, subject: Subject, observation: Observation) -> None:
    url = garoon.capture().url
    observation.expect(url.startswith(subject.garoon_url), expected=_garoon_at(subject), seen=Text(url, url))


@given_(
    en="an entry has been made in Garoon on the master host",
    ja="マスタ ホストで運用中のガルーンに予定が登録されている",
    changes=(Change.ENTER_IN_GAROON,),
    needs=(Need.GUEST_ON_MASTER,),
)
def entry_made(course: Course, garoon: Garoon, pictures: Pictures, clock: Clock) -> None:
    course.marker = make_entry(course, garoon, clock)
    pictures.keep(garoon.capture(), course.marker.title)


@then_(en="the entry made on the master host is present", ja="マスタ ホストで運用中に登録した予定が反映されている")
def entry_is_there(course: Course, garoon: Garoon, pictures: Pictures, observation: Observation) -> None:
    lacking = "no entry was made in this drill before the switchover"
    marker = kept(course.marker, lacking, begun_midway=course.begun_midway)
    title = garoon.find_marker(marker)
    pictures.keep(garoon.capture(), marker.title)
    observation.expect(
        title == marker.title,
        expected=Text(f"the entry «{marker.title}»", f"予定「{marker.title}」"),
        seen=entry_text(title, marker),
    )


@when_(en="another entry is made in Garoon", ja="ガルーンにさらに予定を登録する", changes=(Change.ENTER_IN_GAROON,))
def further_entry(course: Course, garoon: Garoon, clock: Clock) -> None:
    make_entry(course, garoon, clock)


@when_(en="{seconds:Seconds} seconds pass", ja="{seconds:Seconds} 秒が経過する")
def time_passes(seconds: int, clock: Clock) -> None:
    clock.sleep(timedelta(seconds=seconds))


@then_(
    en="data loss is limited to entries made in the last {seconds:Allowance} seconds before the fault",
    ja="データ損失は、障害発生前 {seconds:Allowance} 秒以内に登録した予定に限られる",
)
def losses_within(seconds: int, course: Course, garoon: Garoon, observation: Observation) -> None:
    """A lost entry is no longer Kunren's to remove: another one may get its number."""
    fault_at = handed_on(course.fault_at, "no incident was begun in this drill")
    before = [marker for marker in course.markers if course.made_at[marker.title] <= fault_at]
    lost = [marker for marker in before if garoon.find_marker(marker) != marker.title]
    course.markers[:] = [marker for marker in course.markers if marker not in lost]
    ages = {marker.title: (fault_at - course.made_at[marker.title]).total_seconds() for marker in lost}
    told = "; ".join(f"«{title}» ({age:.1f} s)" for title, age in ages.items())
    seen = Text(
        f"{len(lost)} of {len(before)} entries missing {told}".rstrip(),
        f"{len(before)} 件中 {len(lost)} 件が失われている {told}".rstrip(),
    )
    observation.note(seen)
    observation.expect(
        len(lost) < len(before) and all(age <= seconds for age in ages.values()),
        expected=Text(
            f"every entry that was made more than {seconds} s before the incident",
            f"障害発生の {seconds} 秒より前に登録したすべての予定",
        ),
        seen=seen,
    )


@then_(en="a new entry can be made", ja="新しい予定を登録できる", changes=(Change.ENTER_IN_GAROON,))
def new_entry(course: Course, garoon: Garoon, clock: Clock, observation: Observation) -> None:
    marker = make_entry(course, garoon, clock)
    title = garoon.find_marker(marker)
    observation.expect(
        title == marker.title,
        expected=Text(f"the new entry «{marker.title}»", f"登録した予定「{marker.title}」"),
        seen=entry_text(title, marker),
    )


def make_entry(course: Course, garoon: Garoon, clock: Clock) -> Marker:
    """An appointment whose title says when it was made, on the lab's clock, and which one of the drill it is."""
    number = len(course.markers) + 1
    title = drill_title(clock.now(), number)
    with course.whole():
        try:
            marker = garoon.write_marker(title)
        except Indeterminate:
            course.unanswered.append(title)
            raise
        course.markers.append(marker)
        course.made_at[marker.title] = clock.now()
    return marker


def _garoon_at(subject: Subject) -> Text:
    return Text(f"Garoon at {subject.garoon_url}", f"{subject.garoon_url} でガルーンが応答すること")
