"""The playground in a real JupyterLab: play, touch, type, leave, come back."""

import io
import json
import os
import string
import time

import pytest
import readme_picture
from labs import KERNEL_IS_IDLE
from PIL import Image, PngImagePlugin
from slowline import SlowLine
from watching import View, ask, cpu_of, open_cells, run_all_cells, write_notebook

CELL = "from nnlib.live import Playground\n\nshown = Playground()\nshown"
IDLE = 0.06  # seconds of a processor in two seconds
SIZES = ((390, 844), (640, 900), (800, 900), (1280, 800), (1920, 1080))
THEME = "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
EXECUTE = "(command) => window.jupyterapp.commands.execute(command)"
SESSION = "window.jupyterapp.shell.currentWidget.sessionContext"
READY = "(count) => document.querySelectorAll('.nn-playground .nn-ready').length == count"
SAVE = "() => window.jupyterapp.shell.currentWidget.context.save()"
TAKES_KEYS = ":is(button, select, input, .nn-plane, summary)"
PIXEL = """([x, y]) => {
    const canvas = document.querySelector('.nn-plane canvas'), {width, height} = canvas;
    return [...canvas.getContext('2d').getImageData(x * width, y * height, 1, 1).data];
}"""
# What sticks out of the playground, or is wider than the box that it is written in.
CUT_OFF = """() => {
    const root = document.querySelector('.nn-playground'), outer = root.getBoundingClientRect();
    const found = [];
    for (const element of root.querySelectorAll('*')) {
        const box = element.getBoundingClientRect(), style = getComputedStyle(element);
        if (!box.width || element.closest('.nn-spoken, .nn-line, svg')) continue;
        if (box.right > outer.right + 1 || box.left < outer.left - 1) found.push(element.outerHTML);
        const text = ['BUTTON', 'SPAN', 'LABEL', 'INPUT'].includes(element.tagName);
        if (text && style.display !== 'inline' && element.scrollWidth > element.clientWidth + 1)
            found.push(`${element.scrollWidth}>${element.clientWidth} ${element.outerHTML}`);
    }
    return found.map((html) => html.slice(0, 160));
}"""


@pytest.fixture
def playground(show):
    return show(CELL)[0]


def test_it_learns_before_ones_eyes_and_paints_what_it_computes(playground, page):
    began = time.monotonic()
    playground.press("play")
    playground.wait(lambda: playground.epoch > 120)
    assert time.monotonic() - began > 1.5  # at most 60 epochs a second
    playground.press("play")
    playground.wait(lambda: "Paused." in playground.text)
    epoch = playground.epoch
    page.wait_for_timeout(300)
    assert playground.epoch == epoch == ask(page, "shown.epoch")
    ask(page, "0", "shown.set(learning_rate=3.0); shown.advance(300)")
    playground.press("step")
    playground.wait(lambda: playground.epoch == epoch + 301)
    places = [(0.5, 0.5), (0.05, 0.05), (0.5, 0.03), (0.95, 0.6)]
    inputs = [(12 * x - 6, 6 - 12 * y) for x, y in places]
    wanted = ask(
        page, f"shown.simulation.forward(np.array({inputs})).y_hat.tolist()", "import numpy as np"
    )
    for place, (y_hat,) in zip(places, wanted):
        red, _, blue, _ = page.evaluate(PIXEL, place)
        assert (blue > red + 20) == (y_hat > 0.6) and (red > blue + 20) == (y_hat < 0.4), place
    assert page.problems == []


def test_everything_shown_can_be_touched(playground, page):
    find = playground.find
    find(".nn-neuron[data-at='1,1']").click()
    field = find(".nn-inspector input", 1)
    field.fill("2.5")
    field.press("Enter")
    playground.wait(lambda: ask(page, "shown.parameters[0].W[0, 1]") == 2.5)
    box = find(".nn-paths path").bounding_box()  # from x1 to the first hidden neuron
    middle = page.evaluate("""() => {
        const path = document.querySelector('.nn-paths path'), svg = path.ownerSVGElement;
        const {x, y} = path.getPointAtLength(path.getTotalLength() / 4);
        const {left, top} = svg.getBoundingClientRect();
        return [left + x, top + y];
    }""")
    assert box
    before = ask(page, "shown.parameters[0].W[0, 0]")
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 60, steps=6)
    page.mouse.up()
    playground.wait(lambda: abs(ask(page, "shown.parameters[0].W[0, 0]") - before - 1) < 0.01)
    x1, x2 = ask(page, "shown.simulation.X_raw[0].tolist()")
    plane = find(".nn-plane").bounding_box()
    page.mouse.click(
        plane["x"] + (x1 + 6) / 12 * plane["width"], plane["y"] + (6 - x2) / 12 * plane["height"]
    )
    playground.wait(lambda: "At the inputs" in playground.text)
    find(".nn-walk button", 1).click()
    playground.wait(lambda: "Step 1 of 4, forward" in playground.text)
    find(".nn-pens button", 2).click()
    page.mouse.click(plane["x"] + 30, plane["y"] + 40)
    playground.wait(lambda: len(ask(page, "shown.points")) == 1)
    for _ in range(3):
        playground.press("step")
    playground.wait(lambda: playground.epoch == 3)
    find(".nn-history").press("Home")
    playground.wait(lambda: "A look back; now is epoch 3" in playground.text)
    find(".nn-head button", 1).click()
    playground.wait(lambda: ask(page, "shown.hidden") == [5])
    find(".nn-chip:has-text('x1²')").click()
    playground.wait(lambda: ask(page, "len(shown.features)") == 3)
    find(".nn-thumb[data-name=moons]").click()
    playground.wait(lambda: ask(page, "shown.data") == "moons" and "Undo" in playground.text)
    playground.press("undo")
    playground.wait(lambda: ask(page, "shown.data") == "circles")
    find("summary:has-text('More')").click()
    find(".nn-line").fill('Playground(data="pinwheel", hidden=(3,))')
    find(".nn-line").press("Enter")
    playground.wait(lambda: ask(page, "shown.network.sizes") == [2, 3, 3])
    find(".nn-sweep summary").click()
    playground.wait(lambda: "Sweep after 500" in playground.text, 60)
    assert page.problems == []


def test_no_key_inside_reaches_the_notebook_and_arrows_move_sliders(playground, page):
    cells = """() => window.jupyterapp.shell.currentWidget.content.widgets.map(
        (cell) => [cell.model.type, cell.model.sharedModel.getSource()])"""
    playground.find("summary:has-text('More')").click()
    before = page.evaluate(cells)
    page.evaluate(EXECUTE, "notebook:enter-command-mode")
    controls = playground.box.locator(TAKES_KEYS)
    count = controls.count()
    assert count > 40
    for k in range(count):
        control = controls.nth(k)
        if control.is_visible() and control.is_enabled():
            control.focus()
            page.keyboard.type(string.ascii_lowercase)
            for key in ("d", "d", "Shift+M", "0", "0"):
                page.keyboard.press(key)
    assert page.evaluate(cells) == before and page.locator(".jp-Dialog").count() == 0
    ask(page, "0", "shown.set(learning_rate=1.0)")
    page.wait_for_timeout(300)
    slider = playground.find(".nn-run input[type=range]")
    slider.focus()
    rate = ask(page, "shown.learning_rate")
    page.keyboard.press("ArrowRight")
    playground.wait(lambda: ask(page, "shown.learning_rate") > rate)
    plane = playground.find(".nn-plane")
    plane.focus()
    page.keyboard.press("ArrowUp")
    assert "x1 0, x2 0.25" in playground.find(".nn-probe").inner_text()
    playground.find(".nn-neuron[data-at='0,0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "layer 2" in playground.find(".nn-inspector").inner_text()


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_nothing_is_cut_off_at_any_size(show, page, dark):
    line = "shown = Playground(hidden=(8, 8), data='pinwheel', learning_rate=0.000123, seed=123456)"
    (playground,) = show(CELL.replace("shown = Playground()", line))
    if dark:
        page.evaluate(THEME, "JupyterLab Dark")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    playground.find("summary:has-text('More')").click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)
        playground.bring(".nn-playground", 0)
        assert page.evaluate(CUT_OFF) == [], width
    paper = playground.box.evaluate("box => getComputedStyle(box).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") != dark


def test_play_and_the_picture_are_on_one_screen(playground, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(500)
    page.evaluate("() => document.querySelector('.nn-playground').scrollIntoView()")
    page.wait_for_timeout(500)
    for selector in (
        ".nn-play",
        ".nn-plane",
        ".nn-board",
        ".nn-curve-column canvas",
        ".nn-history",
    ):
        box = playground.find(selector).bounding_box()
        assert box["y"] > 0 and box["y"] + box["height"] < 775, selector


def test_axe_finds_nothing_serious(playground, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    playground.find(".nn-neuron[data-at='1,1']").click()
    playground.find("summary:has-text('More')").click()
    found = axe.run(page, context=".nn-playground").response["violations"]
    serious = [(v["id"], [n["html"][:90] for n in v["nodes"]][:3]) for v in found
               if v["impact"] in ("serious", "critical")]  # fmt: skip
    assert serious == []


def test_reloaded_it_comes_back_as_it_is_and_without_a_kernel_it_says_so(playground, page, lab):
    playground.find(".nn-head button", 1).click()
    playground.press("play")
    playground.wait(lambda: playground.epoch > 20)
    playground.press("play")
    playground.wait(lambda: "Paused." in playground.text)
    epoch = playground.epoch
    page.evaluate(SAVE)
    page.reload()
    page.wait_for_selector(".nn-playground .nn-ready")
    again = View(page)
    assert again.epoch == epoch and again.box.locator(".nn-neuron").count() == 8
    path = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    page.evaluate(f"() => {SESSION}.shutdown()")
    page.reload()
    page.wait_for_selector(".nn-playground")
    again = View(page)
    again.wait(lambda: again.find(".nn-notice").is_visible())
    assert "Run the cell to play" in again.find(".nn-notice").inner_text()
    assert again.find(".nn-still").is_visible()
    outputs = " ".join(page.locator(".jp-OutputArea").all_inner_texts())
    assert "Error displaying widget" not in outputs and "model not found" not in outputs
    stored = json.loads((lab.root / path).read_text(encoding="utf-8"))["cells"][0]["outputs"]
    assert {"image/png", "text/plain"} <= set(stored[0]["data"])


@pytest.mark.slow
def test_restart_and_run_again(playground, page):
    playground.press("play")
    playground.wait(lambda: playground.epoch > 5)
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    playground.wait(lambda: playground.find(".nn-notice").is_visible(), 30)
    page.wait_for_function(KERNEL_IS_IDLE)
    run_all_cells(page)
    page.wait_for_function(
        "() => document.querySelectorAll('.nn-playground .nn-ready').length == 1"
    )
    page.wait_for_timeout(500)
    again = View(page)
    again.wait(lambda: again.epoch == 0)
    again.press("play")
    again.wait(lambda: again.epoch > 5)


@pytest.mark.slow
def test_a_busy_kernel_is_said_and_then_it_goes_on(show, page):
    (playground,) = show(CELL)
    playground.press("play")
    playground.wait(lambda: playground.epoch > 5)
    busy = "import time\nwith shown.lock:\n    time.sleep(4)"
    page.evaluate(f"(code) => {{ {SESSION}.session.kernel.requestExecute({{code}}); }}", busy)
    playground.wait(lambda: "busy" in playground.find(".nn-notice").inner_text(), 10)
    before = playground.epoch
    playground.wait(
        lambda: playground.epoch > before and not playground.find(".nn-notice").is_visible()
    )


LEFT = ["pause", *(pytest.param(how, marks=pytest.mark.slow) for how in ("scroll", "page"))]


@pytest.mark.parametrize("leave", LEFT)
def test_nothing_burns_when_nobody_watches(playground, page, leave):
    pid = ask(page, "os.getpid()", "import os")
    playground.press("play")
    playground.wait(lambda: playground.epoch > 20)
    if leave == "pause":
        playground.press("play")
    elif leave == "scroll":
        page.evaluate(
            "() => { document.querySelector('.nn-playground').style.marginTop = '9000px'; }"
        )
    else:
        page.close()
    time.sleep(1)
    assert cpu_of(pid) < IDLE


@pytest.mark.slow
def test_a_second_view_plays_with_the_first(playground, page):
    page.evaluate(EXECUTE, "notebook:create-output-view")
    page.wait_for_function(
        "() => document.querySelectorAll('.nn-playground .nn-ready').length == 2"
    )
    one, two = View(page, n=0), View(page, n=1)
    two.press("play")
    two.wait(lambda: two.epoch > 20)
    two.press("play")
    two.wait(lambda: "Paused." in two.text)
    assert one.epoch == two.epoch


@pytest.mark.slow
def test_a_cell_run_again_closes_what_it_showed(playground, page):
    playground.press("play")
    playground.wait(lambda: playground.epoch > 5)
    counts = []
    for _ in range(3):
        run_all_cells(page)
        page.wait_for_timeout(1500)
        page.wait_for_selector(".nn-playground .nn-ready")
        counts.append(ask(page, "len(widget._instances)", "from ipywidgets.widgets import widget"))
    assert counts[0] == counts[1] == counts[2] and page.locator(".nn-playground").count() == 1


EXPLORERS = """
import numpy as np
from nnlib import data
from nnlib.live.explorers import BackwardPass, ForwardPass, LearningRates, OneNeuron, RollingBall
from nnlib.network import Network, initialize_parameters
houses, prices = data.houses()
X, y = houses / houses.max(axis=0), prices / 100
network = Network((2, 3, 1))
start = initialize_parameters(network, np.random.default_rng(2))
values = np.linspace(-4, 4, 21)
""".strip()
BALL = (
    "RollingBall(lambda a, b: a**2 + b**2, values, values, start=(-3.0, 2.0), learning_rate=0.01)"
)
MADE = {  # a line: the button that is pressed, or None where it starts by itself
    "OneNeuron()": "reset",
    "ForwardPass(X, y, *start[0], *start[1])": "next",
    "BackwardPass(X, y, *start[0], *start[1])": "play",
    BALL: "step",
    "LearningRates(network, start, X, y, epochs=300)": None,
}


@pytest.mark.slow
@pytest.mark.parametrize("line", MADE)
def test_an_explorer_moves(show, page, line):
    (view,) = show(EXPLORERS, f"shown = {line}\nshown", kind=".nn-live")
    view.find(".nn-panels").wait_for()
    if line == "OneNeuron()":
        ask(page, "setattr(shown, 'w', 3)")
        view.wait(lambda: "3 " in view.text)
    picture, text = view.find(".nn-panels").inner_html(), view.text
    if MADE[line]:
        view.press(MADE[line])
    view.wait(lambda: view.text != text, 30)
    assert view.find(".nn-panels").inner_html() != picture and page.problems == []


# -- minutes ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_on_a_slow_line_nothing_piles_up(lab, page):
    port = int(lab.url.split(":")[2].split("/")[0])
    with SlowLine(port) as line:
        slow = type(lab)(url=f"http://127.0.0.1:{line.port}/", token=lab.token, root=lab.root)
        open_cells(page, slow, CELL)
        run_all_cells(page)
        page.wait_for_selector(".nn-playground .nn-ready")
        view = View(page)
        line.delay, line.rate = 0.1, 125_000  # 200 ms there and back, 1 Mbit/s
        view.press("play")
        view.wait(lambda: view.epoch > 200, 60)
        began = time.monotonic()
        view.press("play")
        view.wait(lambda: "Paused." in view.text, 10)
        assert time.monotonic() - began < 2


@pytest.mark.slow
def test_thirty_runs_of_a_cell_and_a_minute_of_play_take_no_memory(playground, page):
    memory = "psutil.Process().memory_info().rss / 1e6"
    for run in range(32):
        if run == 2:
            before = ask(page, memory, "import gc, psutil; gc.collect()")
        run_all_cells(page)
        page.wait_for_timeout(700)
    page.wait_for_selector(".nn-playground .nn-ready")
    assert ask(page, memory, "gc.collect()") - before < 5
    view = View(page)
    view.press("play")
    view.wait(lambda: view.epoch > 300, 30)
    before = ask(page, memory)
    page.wait_for_timeout(60_000)
    assert ask(page, memory) - before < 5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["00", "02", "03", "04", "05", "06", "08"])
def test_each_notebook_runs_and_its_live_view_is_there(open_notebook, lab, page, name):
    path = next((lab.root / "notebooks").glob(f"{name}_*.ipynb")).name
    page.set_default_timeout(240_000)
    open_notebook(path)
    run_all_cells(page)
    page.wait_for_function(KERNEL_IS_IDLE)
    View(page, ".nn-live", 0)
    page.wait_for_selector(".nn-ready")
    assert page.problems == []


@pytest.mark.slow
def test_the_picture_for_the_readme(show, page):
    made = f"shown = {readme_picture.LINE}\nshown.advance({readme_picture.EPOCHS})\nshown"
    page.set_viewport_size({"width": 1440, "height": 1100})
    (view,) = show(CELL.replace("shown = Playground()\nshown", made))
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    page.evaluate(THEME, "JupyterLab Light")
    page.wait_for_timeout(2000)
    image = Image.open(io.BytesIO(view.box.screenshot())).convert("RGB")
    image = image.quantize(256, Image.Quantize.MAXCOVERAGE)
    notes, png = PngImagePlugin.PngInfo(), io.BytesIO()
    notes.add_itxt("Description", readme_picture.contents())
    image.save(png, "png", optimize=True, pnginfo=notes)
    assert 20_000 < len(png.getvalue()) <= readme_picture.LARGEST
    if os.environ.get("NNLIB_PICTURE") == "new":
        readme_picture.PATH.write_bytes(png.getvalue())


@pytest.mark.slow
def test_in_notebook_7_it_plays_and_no_key_inside_cuts_its_cell(lab, page):
    pytest.importorskip("notebook")
    write_notebook(lab.root / "notebooks" / "seven.ipynb", CELL, "")
    page.goto(f"{lab.url}notebooks/notebooks/seven.ipynb?token={lab.token}")
    page.locator(".jp-Cell .cm-content").first.click()
    page.wait_for_timeout(3000)  # until the kernel is there
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".nn-ready")
    page.keyboard.press("Escape")
    page.locator("summary", has_text="More").click()
    for control in page.locator(f".nn-playground {TAKES_KEYS}").all():
        if control.is_visible() and control.is_enabled():
            control.focus()
            page.keyboard.type(f"{string.ascii_lowercase}dd00")
    assert page.locator(".jp-CodeCell").count() == 2
    page.locator(".nn-play").click()
    page.wait_for_function("() => Number(document.querySelector('.nn-epoch').textContent) > 20")
