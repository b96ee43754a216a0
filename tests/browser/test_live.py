"""The explorers in a real JupyterLab: run, drag, click, type, play, reset, leave."""

import re
import time

import psutil
import pytest
from watching import ask, open_cells, run_all_cells

EXPLORERS = """
import numpy as np
from nnlib import data
from nnlib.live.explorers import BackwardPass, ForwardPass, LearningRates, OneNeuron, RollingBall
from nnlib.network import Network, initialize_parameters
houses, prices = data.houses()
X, y = houses / houses.max(axis=0), prices / 100
network = Network((2, 3, 1))
start = initialize_parameters(network, np.random.default_rng(2))
(W1, b1), (W2, b2) = start
values = np.linspace(-4, 4, 21)
""".strip()
MAKE = {
    "neuron": "OneNeuron()",
    "forward": "ForwardPass(X, y, W1, b1, W2, b2)",
    "backward": "BackwardPass(X, y, W1, b1, W2, b2)",
    "ball": "RollingBall(lambda w1, w2: w1 ** 2 + w2 ** 2, values, values, start=(-3.0, 2.0), "
    "learning_rate=0.01)",
    "rates": "LearningRates(network, start, X, y, epochs=20_000)",
}
EPOCH_0 = "() => document.querySelector('.nnlib-explorer')?.innerText.includes('Epoch 0 ')"
IDLE = 0.1  # seconds of a processor in two seconds: a kernel that rests


def slow_but(quick, names):
    """Parameters of which all but one belong to the slow tests."""
    return [pytest.param(n, marks=[pytest.mark.slow] * (n != quick)) for n in names]


class View:
    """One explorer or playground on the page."""

    def __init__(self, page, kind=".nnlib-explorer", n=0):
        self.page, self.box = page, page.locator(kind).nth(n)
        self.box.scroll_into_view_if_needed()

    @property
    def text(self):
        return self.box.locator("[role=status]").inner_text()

    @property
    def picture(self):
        svgs = self.box.locator(".widget-html-content:has(svg[role=img])")
        return svgs.first.evaluate("box => box.innerHTML")

    def press(self, name):
        self.button(name).click()

    def button(self, name):
        return self.box.locator("button", has_text=re.compile(rf"^\s*{name}\s*$"))

    def slider(self, n=0):
        return self.box.get_by_role("slider").nth(n)

    def changes(self, action, seconds=15):
        """Do that, and wait until both the picture and the text are others."""
        before = self.picture, self.text
        action()
        self.wait(lambda: self.picture != before[0] and self.text != before[1], seconds)

    def wait(self, condition, seconds=15):
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"still: {self.text}"
            self.page.wait_for_timeout(30)

    def drag(self, n, by):
        """Drag a slider's handle by that many pixels, in steps."""
        box = self.slider(n).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by, y, steps=10)
        mouse.up()


@pytest.fixture
def show(lab, page):
    """A function that opens a new notebook with these cells, runs it, and waits for its widgets."""

    page.set_default_timeout(20_000)

    def show(*cells, kind=".nnlib-explorer", count=1):
        open_cells(page, lab, *cells)
        run_all_cells(page)
        page.wait_for_function(
            "([kind, count]) => document.querySelectorAll(kind + ' svg[role=img]').length >= count",
            arg=[kind, count],
        )
        return [View(page, kind, n) for n in range(count)]

    yield show
    if not page.is_closed():
        page.evaluate("() => window.jupyterapp.shell.currentWidget?.sessionContext?.shutdown()")


def cpu_of(pid, seconds=2.0):
    """Seconds of a processor that the kernel takes in so many seconds."""
    kernel = psutil.Process(pid)
    before = sum(kernel.cpu_times()[:2])
    time.sleep(seconds)
    return sum(kernel.cpu_times()[:2]) - before


@pytest.mark.parametrize("name", slow_but("neuron", MAKE))
def test_drag_type_click_and_reset(show, name, page):
    (view,) = show(EXPLORERS, MAKE[name])
    first = view.text
    if name in ("forward", "backward"):
        view.changes(lambda: view.press("Next"))
    if name != "backward":  # it has no slider
        n = 1 if name == "ball" else 0  # where the ball lies, not how fast it will roll
        view.changes(lambda: view.drag(n, -30))
        view.slider(n).focus()
        view.changes(lambda: page.keyboard.press("PageUp"))
    if name in ("forward", "backward"):
        view.changes(lambda: view.box.locator("select").select_option("house 3"))
        view.changes(lambda: view.press("Next"))
        view.changes(lambda: view.press("Previous"))
    if name in ("ball", "rates"):
        view.changes(lambda: view.press("Step"))
    view.press("Reset")
    view.wait(lambda: view.text == first)
    assert page.problems == []


@pytest.mark.parametrize("name", slow_but("forward", ["forward", "backward", "ball", "rates"]))
def test_play_moves_and_pause_stops(show, name, page):
    (view,) = show(EXPLORERS, MAKE[name])
    view.changes(lambda: view.press("Play"))
    view.changes(lambda: None)
    view.press("Pause")
    page.wait_for_timeout(500)
    still = view.picture
    page.wait_for_timeout(1200)
    assert view.picture == still
    view.changes(lambda: view.press("Play"))


@pytest.mark.slow
def test_the_keyboard_alone_reaches_everything(show, page):
    (view,) = show(EXPLORERS, MAKE["forward"])
    view.button("Play").focus()
    reached = set()
    for _ in range(20):
        reached.add(page.evaluate("() => document.activeElement.innerText || "
                                  "document.activeElement.getAttribute('role') || "
                                  "document.activeElement.tagName"))  # fmt: skip
        page.keyboard.press("Tab")
    assert {"Play", "Previous", "Next", "Reset", "slider"} <= {word.strip() for word in reached}
    view.button("Next").focus()
    view.changes(lambda: page.keyboard.press("Enter"))
    view.button("Play").focus()
    view.changes(lambda: page.keyboard.press("Space"))


@pytest.mark.parametrize("leave", slow_but("page", ["page", "tab"]))
def test_who_leaves_while_playing_stops_the_kernel(show, page, leave):
    (view,) = show(EXPLORERS, MAKE["rates"])
    pid = ask(page, "__import__('os').getpid()")
    view.changes(lambda: view.press("Play"))
    assert cpu_of(pid) > IDLE
    if leave == "page":
        page.close()
    else:
        page.evaluate("""async () => {
            await window.jupyterapp.shell.currentWidget.context.save();
            await window.jupyterapp.commands.execute('application:close');
        }""")
    time.sleep(2)
    assert cpu_of(pid) < IDLE


@pytest.mark.slow
def test_it_plays_on_after_the_page_was_left(lab, show, page):
    (view,) = show(EXPLORERS, MAKE["rates"])
    view.changes(lambda: view.press("Play"))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    page.reload()
    page.wait_for_selector(".nnlib-explorer svg[role=img]")
    view = View(page)
    view.button("Play").wait_for()  # within seconds the button is up
    view.changes(lambda: view.press("Play"))


@pytest.mark.slow
def test_interrupt_then_play_then_restart_and_run_all(show, page):
    (view,) = show(EXPLORERS, MAKE["rates"])
    view.changes(lambda: view.press("Play"))
    for _ in range(3):
        page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext"
                      ".session.kernel.interrupt()")  # fmt: skip
        page.wait_for_timeout(300)
    if view.button("Play").count():
        view.press("Play")
    view.changes(lambda: None)
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:restart-run-all')")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(EPOCH_0)
    view = View(page)
    view.changes(lambda: view.press("Play"))


@pytest.mark.slow
def test_two_do_not_disturb_each_other(show, page):
    rates = MAKE["rates"]
    one, two = show(EXPLORERS, rates, rates, count=2)
    one.changes(lambda: one.press("Play"))
    assert "Epoch 0 " in two.text
    two.changes(lambda: two.press("Play"))
    one.changes(lambda: None)
    one.press("Pause")
    page.wait_for_timeout(500)
    still = one.text
    two.changes(lambda: two.changes(lambda: None))
    assert one.text == still


@pytest.mark.slow
def test_a_cell_run_again_ends_what_it_showed_before(show, page):
    (view,) = show(EXPLORERS, f"shown = {MAKE['rates']}\nshown")
    view.changes(lambda: view.press("Play"))
    ask(page, "1", "old = shown")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    run_all_cells(page)
    page.wait_for_function(EPOCH_0)
    before = ask(page, "len(old.costs)")
    page.wait_for_timeout(1000)
    assert ask(page, "len(old.costs)") == before


@pytest.mark.slow
def test_an_error_in_a_frame_is_said_and_the_rest_goes_on(show, page):
    cost = """
def cost(w1, w2):
    if w1 > 4.5:
        raise ValueError("beyond the end of the world")
    return -w1"""
    ball = "RollingBall(cost, values, values, start=(3.0, 1.0), learning_rate=0.1)"
    (view,) = show(EXPLORERS, f"{cost}\n{ball}")
    view.press("Play")
    view.wait(lambda: "Stopped: ValueError: beyond the end of the world" in view.text)
    assert view.button("Play").count() == 1
    view.press("Reset")
    view.wait(lambda: "w1 = 3" in view.text)
    view.changes(lambda: view.press("Step"))
