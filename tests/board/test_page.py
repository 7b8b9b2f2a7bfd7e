"""The page in a real Chromium: everything can be done on a phone and by keyboard alone."""

import threading
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright

from lab.drivers.garoon.chromium import ARGUMENTS, find_browser, sandboxed
from lab.model.tasks import Rows, TaskOutcome
from tests.board.room import question, task

PHONE = {"width": 360, "height": 740}
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as driver:
        program = find_browser(driver.chromium.executable_path)
        browser = driver.chromium.launch(
            executable_path=str(program), args=list(ARGUMENTS), chromium_sandbox=sandboxed()
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(stand, chromium):
    """A page at which nobody is in yet; what it complains of fails the test."""
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.goto(stand.links[0][0])
    yield page
    context.close()
    assert complaints == []


def is_complaint(message):
    """What was refused, or did not arrive, is told by the page itself."""
    return message.type == "error" and "Failed to load resource" not in message.text


def enter(page, name="Sato", role="operator"):
    """By keyboard: the name has the focus, and the roles are the next."""
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    for _ in ["operator", "witness", "lead"][: ["operator", "witness", "lead"].index(role)]:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("There is nothing for you to do now").wait_for()


def tab_to(page, wanted):
    """The Tab key until the element has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by keyboard")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_task_is_answered_on_a_phone_by_keyboard(stand, phone):
    enter(phone)
    asking = stand.asking(task())
    phone.get_by_role("heading", name="Perform the switchover").wait_for()
    assert phone.evaluate("document.activeElement.id") == "request-title"
    assert phone.inner_text("#announced") == "TASK: Perform the switchover"
    assert fits(phone)
    tab_to(phone, "shown")
    phone.keyboard.type("The switchover has begun.")
    tab_to(phone, "done")
    phone.keyboard.press("Enter")
    phone.get_by_text("There is nothing for you to do now").wait_for()
    asking.join(5)
    assert (asking.answer.outcome, asking.answer.by.name) == (TaskOutcome.DONE, "Sato")
    assert asking.answer.reason == "The switchover has begun."


def test_a_task_that_is_not_possible_says_why(stand, phone):
    enter(phone)
    asking = stand.asking(task())
    phone.locator("#not-possible").focus()
    phone.keyboard.press("Enter")
    phone.locator("#dialog-text").fill("the button is grey")
    tab_to(phone, "dialog-yes")
    phone.keyboard.press("Enter")
    asking.join(5)
    assert (asking.answer.outcome, asking.answer.reason) == (TaskOutcome.NOT_POSSIBLE, "the button is grey")


def test_a_task_that_strikes_production_is_shown_after_a_second_confirmation(stand, phone):
    enter(phone)
    asking = stand.asking(task(operation="power_cut", values=(), strikes=True))
    phone.locator("#strike").wait_for()
    assert not phone.locator("#done").is_visible()
    phone.locator("#strike").click()
    phone.keyboard.press("Enter")  # «back» has the focus: who presses a key in passing confirms nothing
    assert not phone.locator("#done").is_visible()
    phone.locator("#strike").click()
    phone.locator("#dialog-yes").click()
    expect(phone.locator("#request-title"), "it is read from the top before anybody says «done»").to_be_focused()
    phone.locator("#done").click()
    asking.join(5)
    assert asking.answer.outcome is TaskOutcome.DONE


def test_a_question_is_answered_with_as_many_lines_as_the_window_shows(stand, phone):
    enter(phone)
    asking = stand.asking(question(rows=Rows.SEVERAL))
    phone.locator("#row-add").click()
    assert fits(phone)
    for row, version in enumerate(("16.0", "16.5")):
        fields = phone.locator(".row").nth(row)
        fields.locator("[data-field=version] input").fill(version)
        fields.get_by_text("yes").click()
    phone.locator("#give").click()
    asking.join(5)
    assert [row["version"] for row in asking.answer.rows] == ["16.0", "16.5"]
    assert {row["up_to_date"] for row in asking.answer.rows} == {"true"}


def test_what_is_lacking_is_told_where_it_is_seen(stand, phone):
    enter(phone)
    asking = stand.asking(question(rows=Rows.SEVERAL))
    phone.locator("#row-add").click()
    phone.locator("#give").click()
    refused = phone.locator("#told").get_by_text("«version» is empty")
    refused.wait_for()
    box = refused.bounding_box()
    assert 0 <= box["y"] <= PHONE["height"] - box["height"]
    phone.locator("#cannot-tell").click()
    asking.join(5)
    assert not asking.answer.known


def test_what_is_typed_stays_while_pictures_come_and_a_reload_shows_all_again(stand, phone):
    enter(phone)
    asking = stand.asking(question())
    version = phone.locator("[data-field=version] input")
    version.fill("16.")
    before = phone.evaluate("picture.version")
    phone.locator("#said").fill("smoke")
    phone.get_by_role("button", name="Keep the note").click()
    phone.locator("#remarks").get_by_text("Sato (operator): smoke").wait_for()
    assert phone.evaluate("picture.version") > before
    assert version.input_value() == "16."
    phone.locator("#said").fill("more smoke")
    phone.reload()
    phone.locator("#none").wait_for()
    assert (version.input_value(), phone.locator("#said").input_value()) == ("16.", "more smoke")
    phone.locator("#remarks").get_by_text("Sato (operator): smoke").wait_for()
    phone.locator("#none").click()
    asking.join(5)
    assert asking.answer.rows == ()


def test_an_answer_that_came_second_is_told_so_after_the_request_has_gone(stand, phone):
    enter(phone)
    asking = stand.asking(task())
    phone.locator("#done").wait_for()
    serial = phone.evaluate("asked")
    phone.locator("#done").click()
    asking.join(5)
    phone.evaluate(f"send('answer', {{serial: {serial}, outcome: 'done', at: '', reason: ''}})")
    phone.locator("#told").get_by_text("This was answered in the same way at").wait_for()
    phone.evaluate(f"send('answer', {{serial: {serial}, outcome: 'not possible', reason: 'grey'}})")
    told = phone.locator("#told")
    told.get_by_text("Sato has already answered at").wait_for()
    following = stand.asking(question())
    phone.get_by_role("heading", name="Read the versions of the engines").wait_for()
    assert told.is_visible()
    phone.locator("#none").click()
    following.join(5)
    told.wait_for(state="hidden")
    phone.evaluate(f"send('answer', {{serial: {serial}, outcome: 'not possible', reason: 'red'}})")
    told.get_by_role("button", name="Close").click()
    assert not told.is_visible()


def test_markup_of_hosts_and_people_is_shown_as_text(stand, phone):
    enter(phone)
    phone.locator("#said").fill("<img src=x onerror=alert(1)>")
    phone.get_by_role("button", name="Keep the note").click()
    phone.locator("#remarks").get_by_text("<img src=x onerror=alert(1)>").wait_for()
    assert phone.locator("#remarks img").count() == 0


def test_a_lost_connection_is_told_and_the_last_picture_stays(stand, phone):
    enter(phone)
    phone.context.set_offline(True)
    stand.board._server._server.force_exit = True
    stand.board._server._server.should_exit = True
    phone.locator("#lost").get_by_text("No connection to Kunren").wait_for(timeout=15_000)
    assert phone.get_by_role("heading", name="Planned switchover").is_visible()


def test_a_network_that_is_gone_without_a_word_is_noticed_by_its_silence(stand, phone):
    enter(phone)
    phone.evaluate("heard = Date.now() - SILENCE_MS")
    phone.evaluate("connect = () => {}; watch()")
    phone.locator("#lost").get_by_text("No connection to Kunren").wait_for()


def test_many_tabs_leave_connections_to_the_one_that_is_seen(stand, phone):
    enter(phone)
    first = phone
    for _ in range(7):
        phone.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
        phone = phone.context.new_page()
        phone.goto(stand.origin)
        phone.get_by_text("There is nothing for you to do now").wait_for()
    first.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    asking = stand.asking(task())
    first.locator("#done").click()
    asking.join(5)
    assert asking.answer.outcome is TaskOutcome.DONE


def test_the_lead_stops_the_drill_with_a_reason_at_any_moment(stand, phone):
    stopped = []
    stand.board._room.stop = lambda: stopped.append(time.monotonic())
    enter(phone, "Suzuki", "lead")
    tab_to(phone, "stop")
    phone.keyboard.press("Enter")
    phone.keyboard.press("Escape")
    assert not stopped
    phone.locator("#stop").click()
    phone.locator("#dialog-text").fill("smoke")
    phone.locator("#dialog-yes").click()
    phone.locator("#stopped").get_by_text("Suzuki (lead) has stopped the drill. smoke").wait_for()
    assert len(stopped) == 1
    assert phone.locator("#stop").is_disabled()


def test_who_ends_the_run_is_told_who_has_not_attested(stand, phone):
    enter(phone)
    phone.evaluate("document.body.style.paddingBottom = '2000px'; window.scrollTo({ top: 2000 })")
    ended = threading.Thread(target=stand.board._room.attest, args=(timedelta(seconds=30), lambda: False))
    ended.start()
    expect(phone.locator("#attesting"), "who has scrolled away is led to what is to be done").to_be_in_viewport()
    phone.locator("#finish").click()
    phone.locator("#dialog-told").get_by_text("Not yet attested by: Sato.").wait_for()
    phone.keyboard.press("Enter")  # «back» has the focus
    phone.locator("#attest button.main").click()
    phone.locator("#people").get_by_text("has attested").wait_for()
    assert phone.locator("#attest button.main").is_disabled()
    phone.locator("#finish").click()
    ended.join(5)
    assert not ended.is_alive()
