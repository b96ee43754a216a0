"""A real JupyterLab, started the way start.py starts it, and a page of a real browser.

The server shows a copy of the repository, so that nothing a test clicks or saves changes the
notebooks. Its home is empty but for a broken kernel called "python3", which must not be chosen.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

TOKEN = "a-token-for-the-tests"
KERNEL_IS_IDLE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, driven by Playwright."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium; on Debian and Ubuntu: sudo apt install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory, copy_course, load_start):
    """JupyterLab on a copy of the course: `.url`, `.token`, `.root` (the copy)."""
    root = copy_course(tmp_path_factory.mktemp("lab") / "Bücher und Häuser")
    start = load_start(root)
    home = root.parent / "home"
    command = start.lab_command(
        [
            "--no-browser",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={TOKEN}",
            "--LabApp.expose_app_in_browser=True",
        ],
        python=sys.executable,
    )
    env = start.environment() | _empty_home(home)
    with open(root.parent / "server.log", "w+") as log:
        server = subprocess.Popen(command, cwd=root, env=env, stdout=log, stderr=log)
        try:
            url = _wait_for(server, home / "runtime", log)
            yield SimpleNamespace(url=url, token=TOKEN, root=root, log=Path(log.name))
        finally:
            server.terminate()
            server.wait(timeout=30)


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
        path = f"lab/tree/notebooks/{name}" if name else ""
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


def _empty_home(home):
    """Variables that give Jupyter a home where only a broken kernel "python3" is."""
    kernel = home / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    broken = {"argv": ["no-such-program"], "display_name": "Broken", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(broken), encoding="utf-8")
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    names |= {"JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    return {variable: os.fspath(home / folder) for variable, folder in names.items()}


def _wait_for(server, runtime, log):
    """The address of the server, as soon as it answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        for info in runtime.glob("jpserver-*.json"):
            try:
                url = json.loads(info.read_text())["url"]
                with urllib.request.urlopen(f"{url}api", timeout=5):
                    return url
            except (OSError, ValueError):  # not written or not listening yet
                pass
        time.sleep(0.1)
    log.seek(0)
    pytest.fail(f"JupyterLab did not start:\n{log.read()}")
