"""The dossier in a real browser: accessible, never wider than the screen, printable, and loading nothing.

Needs the system's Chromium (Debian: apt-get install chromium); axe-core comes with axe-playwright-python.
"""

import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from samples import assessment, hostile, large

from vangrail.exports.dossier import dossier_html
from vangrail.model.vocabulary import Language

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
WIDTHS = (360, 768, 1280)
A4_WIDTH = 672
"""178 mm between the margins of the page, in CSS pixels."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")


def from_outside():
    """Hostile text wherever a text is not ours. The card has words of 10,000 letters; elsewhere they have 300, for layout
    takes long where thousands of them meet."""
    sample = assessment()
    return replace(hostile(sample, longest=300), card=hostile(sample.card), framework=sample.framework)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dossiers")
    pages = {
        "nl": dossier_html(assessment(), language=Language.NL),
        "en": dossier_html(assessment(), language=Language.EN),
        "hostile": dossier_html(from_outside(), language=Language.NL),
        "large": dossier_html(large(requirements=7, measured=10), language=Language.NL),
    }
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in pages}


@pytest.fixture
def opened(browser, files):
    """Opens a dossier at a width, with everything that is folded unfolded."""
    pages = []

    def open_(name, width, *, unfold=True):
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.goto(files[name])
        if unfold:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return page

    yield open_
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", ["nl", "en", "large"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_wrong(opened, name, width):
    found = Axe().run(opened(name, width))
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", ["nl", "en", "large", "hostile"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(opened, name, width):
    page = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_wide_tables_scroll_inside_a_frame_that_the_keyboard_reaches(opened):
    page = opened("nl", 360)
    frames = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1 &&"
        " ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"
        ".map(e => [e.getAttribute('role'), e.tabIndex, !!e.getAttribute('aria-label')])"
    )
    assert frames and all(frame == ["region", 0, True] for frame in frames)


@pytest.mark.parametrize("name", ["nl", "large", "hostile"])
def test_nothing_is_cut_off_on_paper(opened, name):
    page = opened(name, A4_WIDTH)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_WIDTH
    wide = page.evaluate(
        "[...document.querySelectorAll('table, pre')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wide == 0


def test_what_is_folded_on_the_screen_is_printed(opened):
    page = opened("nl", A4_WIDTH, unfold=False)
    folded = page.get_by_role("cell", name="Maar 27 gevallen; minstens 30 zijn nodig.")
    assert folded.count() == 0
    page.emulate_media(media="print")
    assert page.get_by_text("Maar 27 gevallen; minstens 30 zijn nodig.").is_visible()


def test_the_first_tab_shows_the_way_past_the_contents(opened):
    page = opened("nl", 1280)
    link = page.get_by_role("link", name="Naar de inhoud")
    assert link.bounding_box()["y"] < 0
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.className === 'skip'")
    assert link.bounding_box()["y"] >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("name", ["nl", "hostile"])
def test_nothing_is_loaded_and_nothing_runs(browser, files, name):
    page = browser.new_page()
    asked, dialogs, errors = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(files[name])
    page.wait_for_load_state("networkidle")
    page.close()
    assert asked == [files[name]]
    assert dialogs == errors == []
