"""Slides in a real JupyterLab: they fit, answers wait, figures play, and no other host is asked."""

import os
import shutil
import subprocess
import sys

import pytest
import slides
from labs import KERNEL_IS_IDLE, running_lab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
NUMBER = "04"
SCREEN = {"width": 1280, "height": 720}
STATE = """() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const outer = document.querySelector('.jp-WindowedPanel-outer') ?? notebook.node;
    const looks = {opacityProperty: true, visibilityProperty: true};
    const kinds = notebook.widgets
        .filter(cell => cell.node.checkVisibility(looks) && cell.node.offsetHeight)
        .map(cell => cell.model.sharedModel.getMetadata().slideshow?.slide_type ?? '');
    return {
        active: notebook.activeCellIndex,
        overflow: outer.scrollHeight - outer.clientHeight,
        kinds,
        players: notebook.node.querySelectorAll('.nn-ready').length,
        notRun: notebook.widgets.filter(
            cell => cell.model.type === 'code' && !cell.model.executionCount).length,
    };
}"""


@pytest.fixture(scope="module")
def deck(tmp_path_factory, copy_course, load_start):
    """JupyterLab with the slides of a notebook and the packages that `start.py slides` installs."""
    folder = tmp_path_factory.mktemp("slides")
    course, venv = copy_course(folder / "course"), folder / "venv"
    uv = shutil.which("uv") or shutil.which("uv", path=os.path.dirname(sys.executable))
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, venv], check=True)
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [uv, "pip", "install", "-q", "--python", python, "-r", "requirements.txt"]
    subprocess.run([*install, "-e", f"{course}[slides]"], cwd=course, check=True)
    out = course / "build" / "slides"
    variables = slides.environment(out)
    variables["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    variables["JUPYTER_PATH"] = str(venv / "share" / "jupyter")
    with running_lab(
        course, load_start(course), python=python, options=["--custom-css"], variables=variables
    ) as lab:
        lab.path = slides.write(NUMBER, out).relative_to(course).as_posix()
        yield lab


def wait_for_kernel(page):
    page.wait_for_function(KERNEL_IS_IDLE)
    page.wait_for_timeout(1_000)
    page.wait_for_function(KERNEL_IS_IDLE)


def test_slides_can_be_shown(deck, page):
    """All cells run; each slide fits; answers wait for the key; no request leaves the machine."""
    page.set_viewport_size(SCREEN)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{deck.url}lab/tree/{deck.path}?token={deck.token}")
    page.wait_for_function(KERNEL_IS_IDLE)
    page.wait_for_selector("body[data-jp-deck-mode='presenting']", state="attached")
    page.keyboard.press("Control+Alt+Enter")
    wait_for_kernel(page)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex === 0"
    )
    page.wait_for_timeout(3_000)
    assert page.evaluate(STATE)["notRun"] == 0
    steps = []
    while not steps or page.evaluate(STATE)["active"] != steps[-1]["active"]:
        state = page.evaluate(STATE)
        assert state["overflow"] <= 2, state
        assert state["kinds"][0] == "slide" and "skip" not in state["kinds"]
        steps.append(state)
        page.keyboard.press("PageDown")
        page.wait_for_timeout(400)
    answers = [k for k, state in enumerate(steps) if "fragment" in state["kinds"]]
    assert len(steps) > 30 and len(answers) >= 3
    assert all("fragment" not in steps[k - 1]["kinds"] for k in answers)  # it wasn't there before
    assert max(state["players"] for state in steps) >= 2
    outside = [url for url in asked if not url.startswith((deck.url, "data:", "blob:", "ws"))]
    assert not outside and not page.problems
