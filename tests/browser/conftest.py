"""A real JupyterLab, started the way start.py starts it, and a page of a real browser.

The server shows a copy of the repository, so that nothing a test clicks or saves changes the
notebooks.
"""

import json
import shutil

import pytest
from labs import BROWSER_ARGUMENTS, BROWSERS, KERNEL_IS_IDLE, NO_CHROMIUM, running_lab
from watching import View, open_cells, run_all_cells


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, driven by Playwright, whose event loop must not outlive the module."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(NO_CHROMIUM)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory, copy_course, load_start):
    """JupyterLab on a copy of the course: `.url`, `.token`, `.root` (the copy)."""
    root = copy_course(tmp_path_factory.mktemp("lab") / "Bücher und Häuser")
    with running_lab(root, load_start(root)) as lab:
        yield lab


@pytest.fixture
def page(browser):
    """A page of a fresh browser profile; `page.problems` lists the exceptions in its scripts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def open_notebook(lab, page):
    """A function that opens a notebook (default: what start.py opens) and waits for its kernel."""

    def open_notebook(name=None):
        # A workspace of its own: else the notebooks of earlier pages come back in hidden tabs.
        path = f"lab/workspaces/{name[:2]}/tree/notebooks/{name}" if name else ""
        page.goto(f"{lab.url}{path}?token={lab.token}")
        page.wait_for_function(KERNEL_IS_IDLE)
        return page

    return open_notebook


@pytest.fixture
def run_all(lab, page):
    """A function that runs every cell of the open notebook, saves, and returns its content."""

    def run_all():
        name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
        return json.loads((lab.root / name).read_text(encoding="utf-8"))

    return run_all


@pytest.fixture
def show(lab, page):
    """A function that opens a new notebook with these cells, runs it, and waits for its widgets."""

    page.set_default_timeout(20_000)

    def show(*cells, kind=".nn-playground", count=1):
        open_cells(page, lab, *cells)
        run_all_cells(page)
        page.wait_for_function(
            "([kind, n]) => document.querySelectorAll(kind + ' .nn-ready').length >= n",
            arg=[kind, count],
        )
        return [View(page, kind, n) for n in range(count)]

    yield show
    if not page.is_closed():
        page.evaluate("() => window.jupyterapp.shell.currentWidget?.sessionContext?.shutdown()")
