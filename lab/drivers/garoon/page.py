"""What a page is asked, and how its fields and buttons are used, without the script by which Playwright waits.

Playwright loads that script into each page, which takes longer than most pages do. A field or button that cannot be
used at once is left to it.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error, Page

ENDED = ("Target crashed", "Page crashed", "has been closed", "Connection closed")
"""What Playwright says of a browser that is no longer there, which says nothing of Garoon."""
FONTS_ARE_THERE = "document.fonts.status === 'loaded'"
HOLDS = "selector => document.querySelector(selector) !== null"
TEXT = "selector => document.querySelector(selector)?.textContent ?? null"
FITS_WINDOW = """() => [document.documentElement, document.body].every(part =>
  Math.max(part.scrollHeight, part.offsetHeight) <= innerHeight
  && Math.max(part.scrollWidth, part.offsetWidth) <= innerWidth)"""
TAKES_KEYS = """selector => {
  const field = document.querySelector(selector);
  if (!field || field.readOnly) return false;
  const box = field.getBoundingClientRect();
  field.focus();
  field.select();
  return document.activeElement === field && box.width > 0 && box.height > 0;
}"""
PLACE = """selector => {
  const button = document.querySelector(selector);
  if (!button) return null;
  button.scrollIntoView({block: "center", behavior: "instant"});
  const box = button.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return button.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}"""


def has_ended(error: Error) -> bool:
    """Whether the browser or its page is no longer there."""
    return any(word in error.message for word in ENDED)


def holds(page: Page, selector: str) -> bool:
    return bool(_asked(page, HOLDS, selector))


def text_of(page: Page, selector: str) -> str | None:
    """The text of the first element the page has of these."""
    text: str | None = _asked(page, TEXT, selector)
    return text


def fonts_are_there(page: Page) -> bool:
    return bool(_asked(page, FONTS_ARE_THERE))


def fits_window(page: Page) -> bool:
    return bool(_asked(page, FITS_WINDOW))


def enter(page: Page, selector: str, text: str) -> None:
    """Types over what the field held, as keys would."""
    if text and _asked(page, TAKES_KEYS, selector):
        page.keyboard.insert_text(text)
    else:
        page.fill(selector, text)


def click(page: Page, selector: str) -> None:
    place = _asked(page, PLACE, selector)
    if place is None:
        page.click(selector, no_wait_after=True)
    else:
        page.mouse.click(*place)


def _asked(page: Page, question: str, selector: str | None = None) -> Any:
    """None of a page that is being left, as Playwright has it."""
    try:
        return page.evaluate(question, selector)
    except Error as error:
        if has_ended(error):
            raise
        return None
