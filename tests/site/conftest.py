"""The built site, served as GitHub Pages would, and pages of a browser that reaches nothing else.

The folder of a site is in the variable NNLIB_SITE (`.ci/run` builds one), or the address of a
published one in NNLIB_SITE_URL. Without either, the tests that need a site are skipped.
"""

import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "site"), str(Path(__file__).parent)]

CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BASE = "/a-course/"
CDN = "https://cdn.jsdelivr.net/pyodide/"  # the one stranger that a site built with --cdn knows


@pytest.fixture(scope="session")
def site():
    """The site: `.url`, `.root` (None if it is published), `.hosts` that its pages may ask."""
    if address := os.environ.get("NNLIB_SITE_URL"):
        url = address.rstrip("/") + "/"
        yield SimpleNamespace(url=url, root=None, hosts=(url, CDN))
        return
    folder = os.environ.get("NNLIB_SITE")
    if not folder:
        pytest.skip("no built site (NNLIB_SITE)")
    from server import Site

    server = Site(ROOT / folder, BASE)
    self_contained = (server.root / "lite/static/pyodide/pyodide.asm.wasm").is_file()
    hosts = (server.url,) if self_contained else (server.url, CDN)
    yield SimpleNamespace(url=server.url, root=server.root, hosts=hosts, sent=server.sent)
    server.close()


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
def new_context(site, browser):
    """A function that makes a fresh profile of the browser, in which other hosts are out of reach.

    At the end of the test nothing may have gone wrong: no request to another host, no missing file,
    no exception in a page's scripts.
    """
    contexts, strangers, problems = [], [], []

    def attend(page):
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))

    def watch(answer):
        if answer.status >= 400:
            problems.append(f"{answer.url} answered {answer.status}")

    def block(route):
        strangers.append(route.request.url)
        route.abort()

    def new_context(width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        known = (*site.hosts, "data:", "blob:")
        context.route(lambda url: not url.startswith(known), block)
        context.on("page", attend)
        context.on("response", watch)
        context.set_default_timeout(60_000)
        return context

    yield new_context
    for context in contexts:
        context.close()
    assert strangers == [], "requests to other hosts"
    assert problems == []


@pytest.fixture
def open_page(site, new_context):
    """A function that opens a page of the site in a fresh profile."""

    def open_page(path, **options):
        page = new_context(**options).new_page()
        page.goto(site.url + path)
        return page

    return open_page
