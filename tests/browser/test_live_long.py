"""The live view for minutes, on a slow line, and in its own notebooks."""

import time
import urllib.parse
from types import SimpleNamespace

import psutil
import pytest
from slowline import SlowLine
from test_playground import PLAYGROUND
from watching import View, ask, open_cells, run_all_cells

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
NOTEBOOKS = {
    "00_start_here.ipynb": ".nnlib-explorer",
    "02_forward_pass.ipynb": ".nnlib-explorer",
    "03_cost.ipynb": ".nnlib-explorer",
    "04_backpropagation.ipynb": ".nnlib-explorer",
    "05_training.ipynb": ".nnlib-explorer",
    "06_playground.ipynb": ".nnlib-playground",
}
HEAP = """async () => performance.memory.usedJSHeapSize"""


@pytest.fixture
def playground(show):
    return show(PLAYGROUND, kind=".nnlib-playground")[0]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_notebook_runs_and_its_live_view_moves(open_notebook, page, name):
    page.set_default_timeout(20_000)
    open_notebook(name)
    run_all_cells(page)
    page.wait_for_selector(f"{NOTEBOOKS[name]} svg[role=img]", state="attached")
    view = View(page, NOTEBOOKS[name])
    first = view.text
    if view.button("Next").count():
        view.changes(lambda: view.press("Next"))
    if view.field().count():
        view.field().focus()
        page.keyboard.press("ArrowUp")
        if name.startswith("00"):
            view.wait(lambda: view.text != first)
    if view.button("Play").count():
        view.changes(lambda: view.press("Play"))
    view.press("Reset")
    if name[:2] in ("00", "02", "04"):
        view.wait(lambda: view.text == first)
    assert page.problems == []


def memory(page, pid):
    """Megabytes of the kernel and of the page's live objects."""
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    return psutil.Process(pid).memory_info().rss / 1e6, page.evaluate(HEAP) / 1e6


def test_a_minute_of_play_takes_no_memory(playground, page):
    pid = ask(page, "__import__('os').getpid()")
    playground.press("Play")
    page.wait_for_timeout(15_000)
    before = memory(page, pid)
    page.wait_for_timeout(60_000)
    after = memory(page, pid)
    grown = [b - a for a, b in zip(before, after)]
    print(f"kernel {grown[0]:+.1f} MB, page {grown[1]:+.1f} MB")
    assert max(grown) <= 2, grown


def test_on_a_slow_line_nothing_piles_up(lab, page):
    port = urllib.parse.urlsplit(lab.url).port
    with SlowLine(port) as line:
        slow = SimpleNamespace(
            url=lab.url.replace(f":{port}/", f":{line.port}/"), token=lab.token, root=lab.root
        )
        open_cells(page, slow, PLAYGROUND)
        run_all_cells(page)
        page.wait_for_selector(".nnlib-playground svg[role=img]")
        view = View(page, ".nnlib-playground")
        line.delay, line.rate = 0.1, 125_000
        view.press("Play")
        page.wait_for_timeout(60_000)
        view.press("Pause")
        page.wait_for_timeout(2500)
        still = view.picture
        page.wait_for_timeout(3000)
        assert view.picture == still
        began = time.monotonic()
        view.changes(lambda: view.press("Step"), 5)
        print(f"a step shows after {time.monotonic() - began:.1f} s")
        line.delay, line.rate = 0.0, 1e12
        page.close()
