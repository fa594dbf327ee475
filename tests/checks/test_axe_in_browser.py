"""A scan of a page as axe-core writes it, in a real browser."""

import shutil

import pytest
from test_accessibility import outcome

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
def test_the_file_that_axe_itself_writes_is_read(tmp_path):
    """The real thing, where a browser is there: an image without a text alternative, and hardly any contrast."""
    pytest.importorskip("axe_playwright_python")
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    page_text = (
        "<html lang='nl'><title>Proef</title><main><h1>Proef</h1><img src='x.png'>"
        "<p style='color:#bbb;background:#fff'>grijs</p></main></html>"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(page_text)
        written = Axe().run(page).response
        browser.close()
    found = outcome(tmp_path, written | {"timestamp": "2026-11-20T10:00:00.000Z"})
    assert found.value == 2
    assert {d.name: d.counted for d in found.details} == {"critical": 1, "serious": 1}
