"""The live pages: a learner's way from reading to running, and back the next day."""

import json
import re

import pytest
from live import LiveNotebook
from nbtools import FOLDER
from outputs import assert_like_stored

RUN_HERE = "00_start_here", "02_forward_pass", "06_playground"  # the others: test_all_notebooks.py
SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
STATUS = """addEventListener("DOMContentLoaded", () => {
    const status = document.getElementById("status");
    window.told = [];
    if (status) new MutationObserver(() => window.told.push(status.textContent))
        .observe(status, { childList: true, characterData: true, subtree: true });
})"""


def text_of(cell):
    """All text that a cell shows."""
    parts = []
    for output in cell["outputs"]:
        parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join("".join(part) for part in parts)


def run_all(page, name):
    """Run a notebook that is open in a page; it prints what is stored. Return the LiveNotebook."""
    assert name in RUN_HERE
    notebook = LiveNotebook(page)
    notebook.run_all()
    assert_like_stored(FOLDER / f"{name}.ipynb", notebook.content())
    return notebook


def cell_with(cells, part, tag=None):
    """The only cell that has a part in its source, and a tag if one is given."""
    (found,) = (
        cell
        for cell in cells
        if part in "".join(cell["source"]) and (not tag or tag in cell["metadata"].get("tags", ()))
    )
    return found


def number_in(locator):
    """The number that an element shows."""
    return int(re.sub(r"\D", "", locator.inner_text()))


def test_from_reading_to_running_and_back_the_next_day(open_page):
    page = open_page("02_forward_pass.html")
    page.add_init_script(STATUS)
    page.locator(".run-it a").click()
    page.wait_for_url("**/run/02_forward_pass.html")
    notebook = run_all(page, "02_forward_pass")
    assert any(re.search(r"\d+ of \d+ MB", text) for text in page.evaluate("() => window.told"))
    cells = notebook.cells()

    exercise = cell_with(cells, "def sigmoid(z)", "exercise")["id"]
    check = cell_with(cells, 'check("sigmoid"', "check")
    assert "right" not in text_of(check).lower()
    notebook.write(exercise, SIGMOID)
    notebook.run(exercise)
    assert "right" in text_of(notebook.run(check["id"])).lower()
    notebook.save()

    page.reload()
    notebook = LiveNotebook(page)
    cells = notebook.cells()
    assert "".join(cell_with(cells, "def sigmoid(z)", "exercise")["source"]) == SIGMOID
    progress = notebook.run(cell_with(cells, 'progress("02")')["id"])
    assert "1 of " in text_of(progress)


def test_the_first_notebook_runs_and_leads_to_the_second(open_page):
    page = open_page("run/00_start_here.html")
    notebook = run_all(page, "00_start_here")
    target = "01_data_and_scaling"
    notebook.frame.locator(f".jp-RenderedMarkdown a[href*='{target}']").last.click()
    page.wait_for_url(f"**/run/{target}.html")


def test_the_playground_plays(open_page):
    page = open_page("run/06_playground.html")
    run_all(page, "06_playground")
    playground = page.frame_locator("#lab").locator(".nn-playground").first
    playground.scroll_into_view_if_needed()
    epoch = playground.locator(".nn-epoch", has_text=re.compile("[0-9]"))
    epoch.wait_for()
    before, picture = number_in(epoch), playground.locator(".nn-plane").screenshot()
    playground.get_by_role("button", name=re.compile("Play")).first.click()
    page.wait_for_timeout(2000)
    assert number_in(epoch) > before + 10
    assert playground.locator(".nn-plane").screenshot() != picture


def test_a_newer_version_is_announced_and_a_reset_brings_it(open_page):
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page, python=False)
    published = notebook.content()
    notebook.write(notebook.cells()[0]["id"], "print('mine')")
    notebook.frame.evaluate(
        """() => window.jupyterapp.shell.currentWidget.context.model
            .setMetadata("nnlib", { published: "an older one" })"""
    )
    notebook.save()
    page.reload()
    page.locator("#notice", has_text="newer version").wait_for()
    page.get_by_role("button", name="Stay with mine").click()
    saved = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    LiveNotebook(page, python=False).frame.wait_for_function(saved)

    page.reload()
    notebook = LiveNotebook(page)
    assert not page.locator("#notice").is_visible()
    page.get_by_role("button", name="Reset notebook").click()
    copy = page.locator("#copy").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    page.locator("#status", has_text="Starting").wait_for()
    notebook = LiveNotebook(page)
    assert notebook.content()["cells"] == published["cells"]
    kept = notebook.frame.evaluate(
        "(path) => window.jupyterapp.serviceManager.contents.get(path, { content: true })", copy
    )
    assert "print('mine')" in json.dumps(kept["content"])


def pythons(page):
    """The workers in which a Python runs or is starting, by the names of their scripts."""
    names = [worker.url.rpartition("/")[2].partition("?")[0] for worker in page.workers]
    return [name for name in names if name.startswith(("early", "comlink"))]


def test_a_cell_that_never_ends_can_be_stopped(open_page):
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page)
    assert pythons(page) == ["early.mjs"]  # the one that began before JupyterLab was there
    cell = notebook.cells()[0]["id"]
    notebook.write(cell, "while True:\n    pass")
    notebook.start(cell)
    page.locator("#status", has_text="interrupted").wait_for()
    page.get_by_role("button", name="Restart Python").click()
    notebook = LiveNotebook(page)
    notebook.write(cell, "print(6 * 7)")
    assert "42" in text_of(notebook.run(cell))
    assert len(pythons(page)) == 1


def test_a_live_page_is_accessible_and_follows_the_theme(open_page, site):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("index.html", color_scheme="light")
    page.evaluate("() => localStorage.setItem('mode', 'dark')")  # as the button on the page does
    page.goto(f"{site.url}run/02_forward_pass.html")
    frame = LiveNotebook(page, python=False).frame
    frame.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    found = axe.run(page, options={"preload": False}).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    images = frame.locator(".jp-RenderedImage img")
    images.nth(2).wait_for(state="attached")
    assert images.evaluate_all("(all) => all.every((image) => image.alt)")
