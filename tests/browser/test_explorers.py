"""Explorers and the digit pad on a page: drag, touch, type, look; and once in a real JupyterLab."""

import time

import numpy as np
import pytest
from stage import stage
from watching import ask

from nnlib.live import DigitPad, explorers
from nnlib.live.explorers import (
    FeatureScale,
    ForwardPass,
    LearningNetwork,
    Nudge,
    OneNeuron,
    OptimizerRace,
    RollingBall,
    SquaredErrors,
    SumOfSigmoids,
)

NAMES = explorers.__all__
# Letters of the pictures that are outside of the page, and fields that cut their numbers.
CUT_OFF = """() => {
    const found = [];
    for (const text of document.querySelectorAll('.nn-panels text')) {
        const svg = text.closest('svg'), panel = svg.getBoundingClientRect();
        const box = text.getBoundingClientRect(), scale = panel.width / svg.viewBox.baseVal.width;
        const over = [panel.left - box.left, box.right - Math.min(panel.right, innerWidth - 3),
                      panel.top - box.top, box.bottom - panel.bottom];
        if (Math.max(...over) > 3) found.push(text.textContent);
        const size = scale * parseFloat(getComputedStyle(text).fontSize);
        if (size < 8.5) found.push(`${size} pixels: ${text.textContent}`);
    }
    for (const field of document.querySelectorAll('input[type=number]'))
        if (field.scrollWidth > field.clientWidth + 1) found.push(`field ${field.value}`);
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page is too wide');
    return found;
}"""


def read(X):
    """Answer "as black as the number of its digit"."""
    shares = np.exp(-((X.mean() - np.arange(10)) ** 2))
    return np.tile(shares / shares.sum(), (len(X), 1))


def centre(page, name):
    """Return the middle of a handle on the page."""
    box = page.locator(f"[data-drag='{name}'][tabindex] > circle").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, name, dx, dy, steps=8):
    x, y = centre(page, name)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=steps)
    page.mouse.up()


def wait(page, condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, page.locator(".nn-words").all_inner_texts()
        page.wait_for_timeout(30)


def words(page, n=0):
    return page.locator(".nn-live > .nn-words").nth(n).inner_text()


# -- pointer, finger, keyboard ---------------------------------------------------------------------


def test_a_handle_follows_the_mouse_and_keeps_its_distance(browser):
    neuron = OneNeuron()
    with stage(browser, neuron) as page:
        x, y = centre(page, "dot")
        page.mouse.move(x + 4, y + 3)  # beside its middle: it must not jump
        page.mouse.down()
        wait(page, lambda: len(page.requests) > 1)
        assert neuron.z == pytest.approx(1.0, abs=0.02)
        page.mouse.move(x + 84, y + 3, steps=6)
        page.mouse.up()
        wait(page, lambda: neuron.z > 3)
        page.wait_for_timeout(200)
        assert centre(page, "dot")[0] == pytest.approx(x + 80, abs=2)
        assert f"z = x · w + b = 2 · 0.5 + {neuron.b:.3g}" in words(page)
        assert page.problems == []


def test_a_handle_follows_a_finger_and_the_page_does_not_scroll(browser):
    squares = SquaredErrors()
    with stage(browser, squares, width=390, height=500, has_touch=True, is_mobile=True) as page:
        squares.playing = False
        page.locator("[data-drag='right'][tabindex]").scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        (x, y), before = centre(page, "right"), squares.w
        top = page.evaluate("scrollY")
        touch = page.context.new_cdp_session(page)
        for kind, down in (("touchStart", 0), *(("touchMove", k) for k in range(10, 90, 10))):
            points = [{"x": x, "y": y - down}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            page.wait_for_timeout(20)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        wait(page, lambda: squares.w > before + 0.15)
        assert page.evaluate("scrollY") == top


def test_the_keyboard_drags_and_the_focus_stays(browser):
    ball = RollingBall()
    with stage(browser, ball) as page:
        page.locator("[data-drag='ball'][tabindex]").focus()
        before = ball.path[0].copy()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(60)
        page.keyboard.press("Shift+ArrowUp")
        wait(page, lambda: ball.path[0][1] > before[1] + 0.2)
        assert ball.path[0][0] > before[0] + 0.2
        assert page.evaluate("document.activeElement.dataset.drag") == "ball"
        value = page.locator("[data-drag='ball'][tabindex]").get_attribute("aria-valuetext")
        assert f"{ball.path[0][0]:.3g}".replace("-", "−") in value


def test_a_place_on_the_map_and_a_number_in_the_network_can_be_pressed(browser):
    race, nudge = OptimizerRace(), Nudge()
    with stage(browser, race, nudge, height=1400, reduced_motion="reduce") as page:
        area = page.locator("rect[data-drag='start']").bounding_box()
        page.mouse.click(area["x"] + 0.75 * area["width"], area["y"] + 0.25 * area["height"])
        wait(page, lambda: np.allclose(race.paths["adam"][0], (1.5, 1.5), atol=0.05))
        page.locator("[data-tap='choose 1 2 0']").click()
        wait(page, lambda: "W2[2, 0]" in words(page, 1))
        page.locator("[data-tap='choose 2 0 1']").focus()
        page.keyboard.press("Enter")
        wait(page, lambda: "z2[0, 1]" in words(page, 1))
        pressed = page.locator("[data-tap='choose 2 0 1']")
        assert pressed.get_attribute("aria-pressed") == "true"


def test_what_the_page_has_already_stays_on_it(browser):
    race = OptimizerRace()
    with stage(browser, race) as page:
        wait(page, lambda: race.steps > 20)
        assert page.locator("image").count() == 1
        page.locator("select").first.select_option(label="a saddle")
        wait(page, lambda: race.surface == "saddle" and race.steps > 5)
        assert page.locator("image").count() == 1


# -- motion ----------------------------------------------------------------------------------------


def test_the_first_network_learns_by_itself_and_stops(browser):
    network = LearningNetwork()
    with stage(browser, network) as page:
        wait(page, lambda: network.accuracy > 95, seconds=15)
        assert page.locator(".nn-is-playing").count() == 1
        network.train(600 - len(network.costs))
        wait(page, lambda: not network.playing)
        page.wait_for_timeout(100)
        count = len(page.requests)
        page.wait_for_timeout(400)
        assert len(page.requests) == count and page.locator(".nn-is-playing").count() == 0


def test_nothing_starts_by_itself_where_motion_is_not_wanted(browser):
    network, sums = LearningNetwork(), SumOfSigmoids()
    with stage(browser, network, sums, reduced_motion="reduce") as page:
        page.wait_for_timeout(300)
        assert not network.playing and not sums.playing and len(page.requests) == 2
        page.locator(".nn-play").first.click()
        wait(page, lambda: len(network.costs) > 5)


def test_what_is_out_of_sight_costs_nothing(browser):
    race, scale = OptimizerRace(), FeatureScale()
    with stage(browser, race, scale, height=300) as page:
        page.evaluate("document.querySelector('main > div').style.marginBottom = '3000px'")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(300)
        page.requests.clear()
        page.wait_for_timeout(500)
        assert {n for n, _ in page.requests} == {0}
        page.evaluate("scrollTo(0, 1e5)")
        page.wait_for_timeout(300)
        page.requests.clear()
        page.wait_for_timeout(500)
        assert {n for n, _ in page.requests} == {1}


def test_a_step_of_a_pass_is_animated(browser):
    view = ForwardPass()
    with stage(browser, view) as page:
        page.locator(".nn-next").click()
        page.wait_for_timeout(500)
        assert view.playing and view.progress < 1
        wait(page, lambda: "Step 1 of 4. z2" in words(page) and not view.playing)
        page.locator(".nn-next").click(click_count=2)
        wait(page, lambda: view.step == 3)


# -- the digit pad ---------------------------------------------------------------------------------


def test_a_digit_is_written_with_the_mouse_read_at_once_and_undone(browser):
    pad = DigitPad([read, read])
    with stage(browser, pad) as page:
        box = page.locator(".nn-pad").bounding_box()
        scale = box["width"] / 32
        for points in ([(8, 4), (24, 4), (14, 28)], [(8, 16), (22, 16)]):
            for k, (x, y) in enumerate(points):
                page.mouse.move(box["x"] + scale * x, box["y"] + scale * y, steps=4)
                page.mouse.down() if not k else None
            page.mouse.up()
        wait(page, lambda: len(pad.strokes) == 2 and "reads a" in words(page))
        assert pad.strokes[0][0] == pytest.approx((8, 4), abs=0.2)
        assert pad.strokes[0][-1] == pytest.approx((14, 28), abs=0.2)
        page.locator(".nn-undo").click()
        wait(page, lambda: len(pad.strokes) == 1)
        page.locator(".nn-clear").click()
        wait(page, lambda: "The pad is empty" in words(page))
        inked = page.evaluate("""() => {
            const canvas = document.querySelector('.nn-pad'), {width, height} = canvas;
            const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
            return data.filter((red, k) => k % 4 === 0 && red < 60 && data[k + 3] > 200).length;
        }""")
        assert inked == 0 and page.problems == []


def test_a_digit_is_written_with_a_finger(browser):
    pad = DigitPad(read)
    with stage(browser, pad, width=390, has_touch=True, is_mobile=True) as page:
        box = page.locator(".nn-pad").bounding_box()
        touch = page.context.new_cdp_session(page)
        for kind, share in (("touchStart", 0.2), *(("touchMove", 0.2 + k / 20) for k in range(12))):
            points = [{"x": box["x"] + 100, "y": box["y"] + share * box["height"]}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        wait(page, lambda: pad.strokes and pad.strokes[0][-1][1] > 22)
        assert page.evaluate("scrollY") == 0


def test_a_digit_is_written_with_the_keyboard_alone(browser):
    pad = DigitPad(read)
    with stage(browser, pad) as page:
        page.locator(".nn-pad").focus()
        for key in [
            "ArrowDown",
            "Space",
            *["ArrowDown"] * 6,
            "Space",
            "ArrowLeft",
            "Space",
            "ArrowLeft",
        ]:
            page.keyboard.press(key)
        wait(page, lambda: len(pad.strokes) == 2)
        assert pad.strokes[0] == [(16, 6 + 2 * k) for k in range(7)]
        assert pad.strokes[1] == [(14, 18), (12, 18)]


# -- looks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_letter_is_cut_off(browser, width):
    views = [getattr(explorers, name)() for name in NAMES]
    for view in views:
        if isinstance(view, explorers.BackwardPass | ForwardPass):
            for _ in view.steps:
                view.next()
    pad = DigitPad([read, read])
    pad.strokes = [[(8, 4), (24, 4), (14, 28)]]
    with stage(browser, *views, pad, width=width, reduced_motion="reduce") as page:
        assert page.evaluate(CUT_OFF) == []
        for view in views:
            for name in view.control_names():
                control = view.control(name)
                if "low" in control:
                    setattr(view, name, control["low"])
        for button in page.locator(".nn-play").all():
            button.click()
        page.wait_for_timeout(300)
        assert page.evaluate(CUT_OFF) == [] and page.problems == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(browser, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    views = [getattr(explorers, name)() for name in NAMES]
    pad = DigitPad([read, read])
    pad.strokes = [[(8, 4), (24, 4), (14, 28)]]
    with stage(browser, *views, pad, dark=dark, reduced_motion="reduce") as page:
        found = axe.run(page).response["violations"]
        serious = [
            (v["id"], [node["html"][:120] for node in v["nodes"][:3]])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == []


# -- in JupyterLab ---------------------------------------------------------------------------------


def test_explorers_in_jupyterlab_start_answer_and_keep_their_keys(show, page):
    cells = (
        "from nnlib.live.explorers import *\n\nfirst = LearningNetwork()\nfirst",
        "neuron = OneNeuron()\nneuron",
    )
    first, neuron = show(*cells, kind=".nn-svg", count=2)
    first.wait(lambda: ask(page, "len(first.costs)") > 5)
    neuron.find("[data-drag='dot'][tabindex]").focus()
    before = ask(page, "neuron.b")
    for key in ("ArrowRight", "ArrowRight", "x", "m", "d", "d", "b"):
        page.keyboard.press(key)
    neuron.wait(lambda: ask(page, "neuron.b") > before)
    assert (
        page.locator(".jp-CodeCell").count() == 2 and page.locator(".jp-MarkdownCell").count() == 0
    )
    first.press("play")
    assert page.problems == []
