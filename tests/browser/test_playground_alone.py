"""The playground on a page without Jupyter: with a finger, and with the keyboard alone."""

import pytest
from stage import stage

from nnlib.live import Playground

# The point of the first line (from x1 to the first hidden neuron) a quarter of the way along.
ON_A_LINE = """() => {
    const path = document.querySelector('.nn-paths path');
    const {x, y} = path.getPointAtLength(path.getTotalLength() / 4);
    const {left, top} = path.ownerSVGElement.getBoundingClientRect();
    return [left + x, top + y];
}"""
FOCUS = "() => document.activeElement.ariaLabel ?? document.activeElement.textContent"
INK_AT_THE_EDGE = """() => {
    const canvas = document.querySelector('.nn-sweep canvas'), {width, height} = canvas;
    const {data} = canvas.getContext('2d').getImageData(width - 1, 0, 1, height - 25);
    return data.some((part) => part > 0);
}"""


@pytest.fixture
def playground():
    return Playground()


@pytest.fixture
def page(browser, playground):
    with stage(browser, playground, width=800, height=700, has_touch=True) as page:
        yield page
        assert page.problems == []


def swipe(page, x, y, dx, dy, steps=8):
    """Drag a finger over the page."""
    session = page.context.new_cdp_session(page)
    for k in range(steps + 1):
        at = {"x": x + dx * k / steps, "y": y + dy * k / steps}
        kind = "touchMove" if k else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(500)


def middle(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_drags_a_weight_and_the_page_stays(page, playground):
    before = playground.parameters[0].W[0, 0]
    swipe(page, *page.evaluate(ON_A_LINE), 0, -60)
    assert playground.parameters[0].W[0, 0] == pytest.approx(before + 1, abs=0.02)
    assert page.evaluate("scrollY") == 0


def test_a_finger_reads_the_surface_and_scrolls_over_it_without_choosing(page, playground):
    box = page.locator(".nn-plane").bounding_box()
    page.touchscreen.tap(box["x"] + 5, box["y"] + 5)  # no sample is near
    assert page.locator(".nn-probe").inner_text().startswith("x1 −5.")
    x1, x2 = playground.simulation.X_raw[0]
    x, y = box["x"] + (x1 + 6) / 12 * box["width"], box["y"] + (6 - x2) / 12 * box["height"]
    swipe(page, x, y, 0, -100)
    assert page.evaluate("scrollY") > 50 and page.locator(".nn-walk").is_hidden()
    page.evaluate("scrollTo(0, 0)")
    page.touchscreen.tap(x, y)
    page.locator(".nn-walk").wait_for()


def test_the_keyboard_does_not_lose_its_place(page, playground):
    page.locator(".nn-head button").nth(1).focus()
    for neurons in (5, 6, 7):
        page.keyboard.press("Enter")
        page.wait_for_function("(n) => document.querySelectorAll('.nn-neuron').length == n",
                               arg=neurons + 3)  # fmt: skip
    assert playground.hidden == (7,) and page.evaluate(FOCUS) == "Add a neuron to hidden layer 1"
    page.locator(".nn-neuron[data-at='0,0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".nn-inspector button").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.evaluate(FOCUS) == "Neuron 1 of layer 2"
    page.locator(".nn-thumb[data-name=moons]").focus()
    page.keyboard.press("Enter")
    page.locator(".nn-undo:enabled").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.nn-undo').disabled")
    assert page.evaluate(FOCUS) == "moons"


def test_two_stand_side_by_side(browser):
    with stage(browser, Playground(), Playground(activation="tanh"), width=1280) as page:
        page.add_style_tag(content="main { display: flex; }")  # as widgets.HBox has it
        widths = [view.bounding_box()["width"] for view in page.locator(".nn-live").all()]
        assert widths == [pytest.approx(632, abs=10)] * 2


def test_a_third_class_is_drawn_and_its_pen_leaves_with_the_data(page, playground):
    page.locator(".nn-thumb[data-name=drawn]").click()
    page.locator(".nn-pens button", has_text="+ class 2").click()
    page.mouse.click(*middle(page, ".nn-plane"))
    page.locator(".nn-pens button", has_text="+ class 3").wait_for()
    assert playground.network.sizes == (2, 4, 3) and len(playground.points) == 1
    page.locator(".nn-thumb[data-name=moons]").click()
    page.locator(".nn-pens [aria-pressed=true]", has_text="off").wait_for()
    assert playground.data == "moons" and page.locator(".nn-alert").is_hidden()


def test_the_names_in_a_deep_sweep_are_not_cut(page, playground):
    playground.set(hidden=(8,) * 6, samples=10)
    page.locator(".nn-sweep summary").click()
    page.locator(".nn-facts", has_text="hidden 8–8–8–8–8–8").wait_for()
    assert not page.evaluate(INK_AT_THE_EDGE)
