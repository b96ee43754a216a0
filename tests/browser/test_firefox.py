"""The course in Firefox."""

import pytest
from firefox import running_firefox
from labs import KERNEL_IS_IDLE
from watching import write_notebook

CELL = "from nnlib.live import Playground\n\nPlayground()"
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
EPOCH = "(least) => Number(document.querySelector('.nn-epoch').textContent) > least"
PIXEL = """() => {
    const canvas = document.querySelector('.nn-plane canvas');
    return [...canvas.getContext('2d').getImageData(1, 1, 1, 1).data];
}"""


@pytest.fixture(scope="module")
def firefox():
    """Headless Firefox."""
    with running_firefox() as browser:
        yield browser


def test_notebook_00_runs_without_an_error(lab, firefox):
    page = firefox.new_page(viewport={"width": 1280, "height": 900})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{lab.url}?token={lab.token}")
    page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)
    page.evaluate(RUN_ALL)
    texts = page.locator(".jp-OutputArea-output")
    assert texts.count() > 5
    assert page.locator(".jp-RenderedText[data-mime-type$=stderr]").count() == 0
    assert problems == []
    page.close()


@pytest.mark.slow
def test_the_playground_plays(lab, firefox):
    write_notebook(lab.root / "notebooks" / "fox.ipynb", CELL)
    page = firefox.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab.url}lab/workspaces/fox/tree/notebooks/fox.ipynb?token={lab.token}")
    page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)
    page.evaluate(RUN_ALL)
    page.locator(".nn-ready").wait_for(timeout=60_000)
    page.locator(".nn-play").click()
    page.wait_for_function(EPOCH, arg=60, timeout=60_000)
    red, _, blue, _ = page.evaluate(PIXEL)
    assert min(red, blue) > 0 and red != blue
    page.close()
