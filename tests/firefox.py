"""Firefox, driven by Playwright over WebDriver BiDi: any Firefox will do, also Debian's."""

import shutil
from contextlib import contextmanager

import pytest

ADVICE = "no Firefox; on Debian: sudo apt install firefox-esr"


@contextmanager
def running_firefox():
    """A headless Firefox that reaches this machine only; without a Firefox the test is skipped."""
    path = shutil.which("firefox") or shutil.which("firefox-esr")
    if path is None:
        pytest.skip(ADVICE)
    sync_api = pytest.importorskip("playwright.sync_api")
    closed = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1,localhost"}
    with sync_api.sync_playwright() as playwright:
        browser = playwright.firefox.launch(
            executable_path=path, channel="moz-firefox", proxy=closed
        )
        yield browser
        browser.close()
