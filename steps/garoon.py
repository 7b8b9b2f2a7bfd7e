"""Steps about Garoon as its users see it: in a browser, at the URL they have always used."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.garoon import GaroonService
from drills.vocabulary import given_, then_, when_
from lab.model.limits import LongWait, at_least
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock
from words import sentence


@given_(en="Garoon is available at its original URL", ja="ガルーンが通常の URL で利用されている")
@then_(en="Garoon has remained available at its original URL", ja="その間もガルーンは通常の URL で利用できている")
def garoon_in_use(garoon: GaroonService) -> None:
    garoon.visit()


@when_(
    en="a user opens Garoon at its original URL, retrying for up to {minutes:Minutes} minutes",
    ja="利用者がガルーンを通常の URL で開く（最長 {minutes:Minutes} 分間試みる）",
)
def open_garoon(minutes: int, garoon: GaroonService) -> None:
    garoon.visit(at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en="Garoon responds at the same URL as before",
    ja="これまで利用していた URL のままガルーンにアクセスできる",
)
def same_url(garoon: GaroonService, subject: Subject) -> None:
    garoon.expect_address(subject.garoon_url)


@given_(
    en="an entry has been made in Garoon on the master host",
    ja="マスタ ホストで運用中のガルーンに予定が登録されている",
    changes=(Change.ENTER_IN_GAROON,),
    needs=(Need.GUEST_ON_MASTER,),
)
def entry_made(garoon: GaroonService) -> None:
    garoon.marker = garoon.make_entry()
    garoon.picture(garoon.marker.title)


@then_(en="the entry made on the master host is present", ja="マスタ ホストで運用中に登録した予定が反映されている")
def entry_is_there(garoon: GaroonService) -> None:
    lacking = sentence("errors.drill.no_entry_before")
    garoon.expect_entry(garoon.context.kept(garoon.marker, lacking))


@when_(en="another entry is made in Garoon", ja="ガルーンにさらに予定を登録する", changes=(Change.ENTER_IN_GAROON,))
def further_entry(garoon: GaroonService) -> None:
    garoon.make_entry()


@when_(en="{seconds:Seconds} seconds pass", ja="{seconds:Seconds} 秒が経過する")
def time_passes(seconds: int, clock: Clock) -> None:
    clock.sleep(timedelta(seconds=seconds))


@then_(
    en="data loss is limited to entries made in the last {seconds:Allowance} seconds before the fault",
    ja="データ損失は、障害発生前 {seconds:Allowance} 秒以内に登録した予定に限られる",
)
def losses_within(seconds: int, garoon: GaroonService) -> None:
    garoon.expect_losses_within(seconds)


@then_(en="a new entry can be made", ja="新しい予定を登録できる", changes=(Change.ENTER_IN_GAROON,))
def new_entry(garoon: GaroonService) -> None:
    garoon.expect_new_entry()
