"""The course in Firefox, driven by Playwright through WebDriver BiDi: any Firefox will do."""

import shutil

import pytest
from labs import KERNEL_IS_IDLE


@pytest.fixture(scope="module")
def firefox():
    """Headless Firefox."""
    path = shutil.which("firefox") or shutil.which("firefox-esr")
    if path is None:
        pytest.skip("no Firefox; on Debian: sudo apt install firefox-esr")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.firefox.launch(executable_path=path, channel="moz-firefox")
        yield browser
        browser.close()


def test_notebook_00_runs_without_an_error(lab, firefox):
    page = firefox.new_page(viewport={"width": 1280, "height": 900})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{lab.url}?token={lab.token}")
    page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    texts = page.locator(".jp-OutputArea-output")
    assert texts.count() > 5
    assert page.locator(".jp-RenderedText[data-mime-type$=stderr]").count() == 0
    assert problems == []
    page.close()
