"""A visitor who has a keyboard and nothing else: no mouse, no JavaScript. What cannot be reached with Tab cannot be done."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Response

WIDTHS = (360, 768, 1280)
MOST_TABS = 250
"""Whoever has to press Tab more often than this on one page has given up long before."""
REFUSED = (400, 404, 409, 410, 422)
"""Answers that are pages as well: they say what is wrong."""

SEEN = """e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.right > 0 && box.bottom > 0;
}"""


class Visitor:
    """Somebody at a keyboard, in a browser of their own."""

    def __init__(self, browser: Browser, address: str, *, person: Any = None, width: int = 1280) -> None:
        """`person` is signed in already; without one it is anybody from outside."""
        self.context = browser.new_context(
            base_url=address,
            java_script_enabled=False,
            locale="nl-BE",
            timezone_id="Europe/Brussels",
            viewport={"width": width, "height": 900},
        )
        self._width = width
        if person is not None:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            self.context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
            )
        self.page: Page = self.context.new_page()
        self._answer: Response | None = None
        self.page.on("response", self._note)
        # Without this the browser hears only at the moment of the key that we choose the file: at times too late.
        self.page.on("filechooser", lambda _: None)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()

    # --- reading -----------------------------------------------------------------------------------------------------
    def open(self, address: str) -> None:
        """Type an address, or take one from a letter."""
        self.page.goto(address)
        self._look()

    def text(self, within: str = "main") -> str:
        """What there is to read, on one line."""
        return re.sub(r"\s+", " ", " ".join(self.page.locator(within).all_inner_texts()))

    def reads(self, *texts: str, within: str = "main") -> None:
        """Each of these stands on the page."""
        found = self.text(within)
        for text in texts:
            assert text in found, f"{self.page.url}: '{text}' is not in: {found}"

    def reads_not(self, *texts: str, within: str = "main") -> None:
        """None of these stands on the page."""
        found = self.text(within)
        for text in texts:
            assert text not in found, f"{self.page.url}: '{text}' is in: {found}"

    # --- going -------------------------------------------------------------------------------------------------------
    def follow(self, name: str, *, exact: bool = False, within: str = "body") -> None:
        """Go to a link and press Enter."""
        self._go(self.page.locator(within).get_by_role("link", name=name, exact=exact))

    def press(self, name: str, *, exact: bool = False, within: str = "body") -> None:
        """Go to a button and press Enter."""
        self._go(self.page.locator(within).get_by_role("button", name=name, exact=exact))

    def unfold(self, name: str, *, within: str = "main") -> None:
        """Open a part of the page that is folded."""
        self.tab_to(self.page.locator(within).locator("summary").filter(has_text=name))
        self.page.keyboard.press("Enter")

    def save(self, name: str, *, exact: bool = True, within: str = "main") -> Path:
        """Press Enter on a link to a file; returns where it was saved."""
        self.tab_to(self.page.locator(within).get_by_role("link", name=name, exact=exact))
        with self.page.expect_download() as saved:
            self.page.keyboard.press("Enter")
        return Path(saved.value.path())

    # --- filling in --------------------------------------------------------------------------------------------------
    def fill(self, label: str, text: str, *, exact: bool = False, within: str = "main") -> None:
        """Type into a field, in place of what stood there."""
        self.tab_to(self.page.locator(within).get_by_label(label, exact=exact))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def fill_day(self, label: str, day: date, *, within: str = "main") -> None:
        """Type a day. The order of day and month is that of the browser, and asks a key for each."""
        field = self.page.locator(within).get_by_label(label).first
        self.tab_to(field)
        for order in (f"{day:%d%m%Y}", f"{day:%m%d%Y}"):
            self.page.keyboard.type(order)
            if field.input_value().startswith(day.isoformat()):
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{self.page.url}: {day} cannot be typed into '{label}'")

    def tick(self, label: str, *, exact: bool = False, within: str = "main") -> None:
        """Choose a box with the space bar, or a radio with the arrows."""
        wanted = self.page.locator(within).get_by_label(label, exact=exact).first
        if wanted.get_attribute("type") == "radio":
            self._arrow_to(wanted, within)
            return
        self.tab_to(wanted)
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked()

    def pick(self, label: str, option: str, *, exact: bool = False, within: str = "main") -> None:
        """Choose from a list with the arrows."""
        field = self.page.locator(within).get_by_label(label, exact=exact).first
        self.tab_to(field)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if option in field.locator("option:checked").inner_text():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: '{option}' is not in the list '{label}'")

    def attach(self, label: str, file: Path, *, within: str = "main") -> None:
        """Choose a file."""
        self.tab_to(self.page.locator(within).get_by_label(label))
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file)

    # --- how ---------------------------------------------------------------------------------------------------------
    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until this has the focus, and see that one can see where one is."""
        there = wanted.first
        there.wait_for(state="attached")
        handle = there.element_handle()
        at_start = "document.activeElement === document.body && location.hash === ''"
        if self.page.evaluate(at_start) and handle.evaluate("e => e.closest('main') !== null"):
            self._skip()
        for _ in range(MOST_TABS):
            if handle.evaluate("e => document.activeElement === e"):
                assert handle.evaluate(SEEN), f"{self.page.url}: nobody sees that the focus is on {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: Tab does not reach {wanted}")

    def _skip(self) -> None:
        """The first stop leads past the menus."""
        self.page.keyboard.press("Tab")
        first = self.page.evaluate("document.activeElement.getAttribute('href')")
        assert first == "#inhoud", f"{self.page.url}: Tab goes to {first} first"
        self.page.keyboard.press("Enter")

    def _arrow_to(self, wanted: Locator, within: str) -> None:
        """Radios are one stop of Tab: the one chosen, or else the first; the arrows move between them."""
        radios = self.page.locator(within).locator(f'input[type=radio][name="{wanted.get_attribute("name")}"]')
        chosen = [radio for radio in radios.all() if radio.is_checked()]
        self.tab_to(chosen[0] if chosen else radios)
        self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: the arrows do not reach {wanted}")

    def _go(self, wanted: Locator) -> None:
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self._look()

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._answer = response

    def _look(self) -> None:
        """The page is there, has one heading of the first level, and does not scroll sideways on a phone or a large screen."""
        status = self._answer.status if self._answer else 0
        assert status == 200 or status in REFUSED, f"{self.page.url}: {status}"
        self.page.locator("h1").first.wait_for(state="attached")
        assert self.page.locator("h1").count() == 1, f"{self.page.url}: not one heading of the first level"
        for problem in sideways(self.page, back_to=self._width):
            raise AssertionError(problem)


def sideways(page: Page, *, back_to: int = 1280) -> Iterator[str]:
    """Where this page scrolls sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.locator("html").evaluate("page => page.scrollWidth > innerWidth"):
            yield f"{page.url}: scrolls sideways at {width} px"
    page.set_viewport_size({"width": back_to, "height": 900})
