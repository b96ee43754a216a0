"""The explorers in a real JupyterLab: run, drag, click, type, play, reset."""

import pytest
from watching import ask, run_all_cells

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


def slow_but(quick, names):
    """Parameters of which all but one belong to the slow tests."""
    return [pytest.param(n, marks=[pytest.mark.slow] * (n != quick)) for n in names]


@pytest.mark.parametrize("name", slow_but("neuron", MAKE))
def test_drag_type_click_and_reset(show, name, page):
    (view,) = show(EXPLORERS, MAKE[name])
    first = view.text
    if name in ("forward", "backward"):
        view.changes(lambda: view.press("Next"))
    if name != "backward":  # it has no slider
        n = 1 if name == "ball" else 0  # where the ball lies, not how fast it will roll
        view.changes(lambda: view.drag(n, -30))
        view.field(n).focus()
        view.changes(lambda: page.keyboard.press("ArrowUp"))
        view.field(n).fill("0.7")
        view.changes(lambda: page.keyboard.press("Enter"))
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
def test_the_keyboard_alone_reaches_everything_in_its_order(show, page):
    (view,) = show(EXPLORERS, MAKE["forward"])
    view.button("Play").focus()
    weights = [f"W{k}[{place}]" for k, place in zip((1, 1, 2), ("0, 0", "1, 0", "0, 0"))]
    assert view.reached_by_tab(8) == ["Play", "House", "Previous", "Next", "Reset", *weights]
    view.button("Next").focus()
    view.changes(lambda: page.keyboard.press("Enter"))
    view.button("Play").focus()
    view.changes(lambda: page.keyboard.press("Space"))


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
