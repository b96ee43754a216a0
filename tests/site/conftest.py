"""The built site, served as GitHub Pages would, and pages of a browser that reaches nothing else.

The folder of a self-contained site is in the variable NNLIB_SITE; `.ci/run` builds one. Without it,
the tests that need a site are skipped.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "site"), str(Path(__file__).parent)]

CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BASE = "/a-course/"


@pytest.fixture(scope="session")
def site():
    """The site on a server of this machine: `.url`, `.root`."""
    folder = os.environ.get("NNLIB_SITE")
    if not folder:
        pytest.skip("no built site (NNLIB_SITE)")
    from server import Site

    site = Site(ROOT / folder, BASE)
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, driven by Playwright."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium; on Debian and Ubuntu: sudo apt install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site, browser):
    """A function that opens a page of the site in a fresh profile; further ones share the profile.

    At the end of the test nothing may have gone wrong: no request to another host, no missing file,
    no exception in a page's scripts.
    """
    contexts, strangers, problems = [], [], []

    def attend(page):
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: answer.ok or watch(answer))

    def watch(answer):
        if answer.status >= 400:
            problems.append(f"{answer.url} answered {answer.status}")

    def block(route):
        strangers.append(route.request.url)
        route.abort()

    def open_page(path, *, width=1280, height=900, context=None, **options):
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            contexts.append(context)
            context.route(lambda url: not url.startswith((site.url, "data:", "blob:")), block)
            context.on("page", attend)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(site.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert strangers == [], "requests to other hosts"
    assert problems == []
