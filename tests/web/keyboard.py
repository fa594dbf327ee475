"""A visitor who has a keyboard and nothing else: no mouse, no JavaScript. What cannot be reached with Tab cannot be done."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

WIDTHS = (360, 768, 1280)
MOST_TABS = 400
"""Whoever has to press Tab more often than this on one page has given up long before."""

SHOWN = """e => {
  const s = getComputedStyle(e), b = e.getBoundingClientRect();
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && b.width > 0 && b.right > 0 && b.bottom > 0;
}"""


class Visitor:
    """Somebody at a keyboard, in a browser of their own, in which nothing is scripted."""

    def __init__(self, browser: Browser, base_url: str, *, width: int = 1280) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base_url,
            java_script_enabled=False,
            locale="nl-BE",
            timezone_id="Europe/Brussels",
            viewport={"width": width, "height": 900},
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.answers: list[Response] = []
        self.page.on("response", lambda r: self.answers.append(r) if r.request.is_navigation_request() else None)

    def open(self, address: str) -> None:
        """Type an address, or follow one out of a letter."""
        self.page.goto(address)
        self._fine()

    def text(self) -> str:
        """What there is to read on the page, without its head and foot."""
        return self.page.locator("main").inner_text()

    def reads(self, *texts: str) -> None:
        """Each of these stands on the page."""
        found = re.sub(r"\s+", " ", self.text())
        for text in texts:
            assert text in found, f"{self.page.url}: '{text}' is not in:\n{found}"

    def reads_not(self, *texts: str) -> None:
        """None of these stands on the page."""
        found = re.sub(r"\s+", " ", self.text())
        for text in texts:
            assert text not in found, f"{self.page.url}: '{text}' is in:\n{found}"

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until this has the focus, and see that one can see where one is."""
        there = wanted.first
        there.wait_for(state="attached", timeout=3000)
        handle = there.element_handle()
        for _ in range(MOST_TABS):
            if handle.evaluate("e => document.activeElement === e"):
                assert handle.evaluate(SHOWN), f"{self.page.url}: the focus is not seen on {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: Tab does not reach {wanted}")

    def follow(self, name: str, *, exact: bool = False, within: str = "body") -> None:
        """Go to a link and press Enter."""
        self._go(self.page.locator(within).get_by_role("link", name=name, exact=exact))

    def press(self, name: str, *, exact: bool = False, within: str = "body") -> None:
        """Go to a button and press Enter."""
        self._go(self.page.locator(within).get_by_role("button", name=name, exact=exact))

    def open_up(self, name: str, *, within: str = "body") -> None:
        """Open a part of the page that is folded."""
        summary = self.page.locator(within).locator("summary").filter(has_text=name)
        self.tab_to(summary)
        self.page.keyboard.press("Enter")

    def _go(self, wanted: Locator) -> None:
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self._fine()

    def fill(self, label: str, text: str, *, exact: bool = False, within: str = "body") -> None:
        """Type into a field, in place of what stood there."""
        field = self.page.locator(within).get_by_label(label, exact=exact)
        self.tab_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def fill_day(self, label: str, day: str, *, within: str = "body") -> None:
        """Type a day, such as 03052027, into a field for days."""
        self.tab_to(self.page.locator(within).get_by_label(label))
        self.page.keyboard.type(day)

    def tick(self, label: str, *, exact: bool = False, within: str = "body") -> None:
        """Choose a radio with the arrows, or a box with the space bar."""
        wanted = self.page.locator(within).get_by_label(label, exact=exact).first
        if wanted.get_attribute("type") == "checkbox":
            self.tab_to(wanted)
            if not wanted.is_checked():
                self.page.keyboard.press("Space")
        else:
            self._arrow_to(wanted)
        assert wanted.is_checked()

    def _arrow_to(self, wanted: Locator) -> None:
        """Radios are one stop of Tab: the one chosen, or else the first; the arrows move between them."""
        name = wanted.get_attribute("name")
        group = self.page.locator(f'input[type=radio][name="{name}"]')
        chosen = self.page.locator(f'input[type=radio][name="{name}"]:checked')
        self.tab_to(chosen if chosen.count() else group)
        if not chosen.count():
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def pick(self, label: str, option: str, *, exact: bool = False, within: str = "body") -> None:
        """Choose from a list with the arrows."""
        field = self.page.locator(within).get_by_label(label, exact=exact).first
        self.tab_to(field)
        self.page.keyboard.press("Home")
        for _ in range(field.locator("option").count()):
            if option in field.locator("option:checked").inner_text():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: '{option}' is not in the list '{label}'")

    def attach(self, label: str, file: Path, *, within: str = "body") -> None:
        """Choose a file."""
        self.tab_to(self.page.locator(within).get_by_label(label))
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file)

    def _fine(self) -> None:
        """The page is there, has one heading of the first level, and does not scroll sideways."""
        status = self.answers[-1].status
        assert status in (200, 409, 410, 422), f"{self.page.url}: {status}"
        assert self.page.locator("h1").count() == 1, f"{self.page.url}: not one heading of the first level"
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{self.page.url}: scrolls sideways"
