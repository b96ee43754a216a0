"""The live pages: a learner's way from reading to running, and back the next day."""

import json
import re

import pytest
from live import LiveNotebook

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"


def text_of(cell):
    """All text that a cell shows."""
    parts = []
    for output in cell["outputs"]:
        parts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return "\n".join("".join(part) for part in parts)


def errors(cells):
    """What went wrong in cells that ran."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    return [output["evalue"] for output in outputs if output["output_type"] == "error"]


def cell_after(cells, source):
    """The id of the cell whose source begins so."""
    return next(cell["id"] for cell in cells if "".join(cell["source"]).startswith(source))


def test_from_reading_to_running_and_back_the_next_day(open_page, site):
    page = open_page("02_forward_pass.html")
    page.locator(".run-it a").click()
    page.wait_for_url("**/run/02_forward_pass.html")
    notebook = LiveNotebook(page)
    cells = notebook.run_all()
    assert errors(cells) == []

    exercise, check = (cell_after(cells, start) for start in ("def sigmoid(z)", "sigmoid = check"))
    undone = next(cell for cell in cells if cell["id"] == check)
    assert "right" not in text_of(undone).lower()
    notebook.write(exercise, SIGMOID)
    notebook.run(exercise)
    assert "right" in text_of(notebook.run(check)).lower()
    notebook.save()

    page.reload()
    notebook = LiveNotebook(page)
    cells = notebook.cells()
    source = next(cell["source"] for cell in cells if cell["id"] == exercise)
    assert "".join(source) == SIGMOID
    progress = text_of(notebook.run(cell_after(cells, "from nnlib.checks import progress")))
    assert "1 of " in progress


def test_the_first_notebook_runs(open_page):
    notebook = LiveNotebook(open_page("run/00_start_here.html"))
    assert errors(notebook.run_all()) == []


def test_the_playground_plays(open_page):
    page = open_page("run/06_playground.html")
    notebook = LiveNotebook(page)
    assert errors(notebook.run_all()) == []
    playground = page.frame_locator("#lab").locator(".nn-playground").first
    playground.scroll_into_view_if_needed()
    epoch = playground.locator(".nn-epoch", has_text=re.compile("[0-9]"))
    epoch.wait_for()
    before, picture = number_in(epoch), playground.locator(".nn-plane").screenshot()
    playground.get_by_role("button", name=re.compile("Play")).first.click()
    page.wait_for_timeout(2000)
    assert number_in(epoch) > before + 10
    assert playground.locator(".nn-plane").screenshot() != picture


def number_in(locator):
    return int(re.sub(r"\D", "", locator.inner_text()))


def test_a_reset_brings_the_published_text_back(open_page):
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page)
    published = notebook.content()
    cell = notebook.cells()[0]["id"]
    notebook.write(cell, "print('mine')")
    notebook.save()
    page.get_by_role("button", name="Reset notebook").click()
    copy = page.locator("#copy").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    page.wait_for_timeout(3000)
    assert notebook.content()["cells"] == published["cells"]
    kept = notebook.frame.evaluate(
        "(path) => window.jupyterapp.serviceManager.contents.get(path, { content: true })", copy
    )
    assert "print('mine')" in json.dumps(kept["content"])


def test_a_newer_version_is_announced(open_page):
    """A copy in the browser that came from another published text."""
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page)
    notebook.frame.evaluate(
        """async () => {
            const { context } = window.jupyterapp.shell.currentWidget;
            context.model.setMetadata("nnlib", { published: "an older one" });
            await context.save();
        }"""
    )
    page.reload()
    LiveNotebook(page)
    assert "newer version" in page.locator("#notice").inner_text()
    page.get_by_role("button", name="Stay with mine").click()
    page.wait_for_timeout(1000)
    page.reload()
    LiveNotebook(page)
    assert not page.locator("#notice").is_visible()


def test_a_cell_that_never_ends_can_be_stopped(open_page):
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page)
    cell = notebook.cells()[0]["id"]
    notebook.write(cell, "while True:\n    pass")
    notebook.start(cell)
    page.locator("#status", has_text="interrupted").wait_for()
    page.get_by_role("button", name="Restart Python").click()
    notebook = LiveNotebook(page)
    notebook.write(cell, "print(6 * 7)")
    assert "42" in text_of(notebook.run(cell))


def test_a_link_to_another_notebook_opens_its_live_page(open_page):
    page = open_page("run/00_start_here.html")
    notebook = LiveNotebook(page)
    target = "01_data_and_scaling"
    notebook.frame.locator(f".jp-RenderedMarkdown a[href*='{target}']").last.click()
    page.wait_for_url(f"**/run/{target}.html")


def test_a_live_page_is_accessible_and_follows_the_theme(open_page, site):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("index.html", color_scheme="light")
    page.evaluate("() => localStorage.setItem('mode', 'dark')")  # as the button on the page does
    page.goto(f"{site.url}run/02_forward_pass.html")
    notebook = LiveNotebook(page)
    notebook.frame.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    found = axe.run(page, options={"preload": False}).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    images = notebook.frame.locator(".jp-RenderedImage img")
    assert images.count() > 5
    assert images.evaluate_all("(all) => all.every((image) => image.alt)")
