"""The playground in a real JupyterLab: play, drag, click, type, reset; faults, axe, a picture."""

import io
import os
import re
import time

import pytest
import readme_picture
from PIL import Image, PngImagePlugin
from test_live import EXPLORERS, MAKE, slow_but
from watching import View, ask, cpu_of, run_all_cells

from nnlib.live.settings import FEATURES

PLAYGROUND = "from nnlib.live import Playground\n\nshown = Playground()\nshown"
KIND = ".nnlib-playground"
IDLE = 0.1  # seconds of a processor in two seconds: a kernel that rests
INTERRUPT = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()"


def epoch(view):
    return int(re.match(r"Epoch ([\d,]+)", view.text)[1].replace(",", ""))


@pytest.fixture
def playground(show):
    return show(PLAYGROUND, kind=KIND)[0]


def test_play_drag_click_type_and_reset(playground, page):
    view = playground
    assert view.text.startswith("Epoch 0. Training cost ")
    view.changes(lambda: view.press("Play"))
    view.wait(lambda: epoch(view) > 100)
    view.drag(0, -30)
    view.wait(lambda: "on: learning rate 0." in view.text)
    more = view.box.locator("button[title='One neuron more in hidden layer 1']")
    before = epoch(view)
    more.click()
    view.wait(lambda: "on: hidden 5" in view.text)
    assert epoch(view) >= before and view.box.get_by_text("5 neurons").count() == 1
    view.field(0).fill("0.5")
    page.keyboard.press("Enter")
    view.wait(lambda: "on: learning rate 0.5" in view.text)
    view.press("Pause")
    view.wait(lambda: "Paused." in view.text)
    before = epoch(view)
    view.changes(lambda: view.press("Step"))
    assert epoch(view) == before + 1
    view.box.get_by_label("Activation").select_option("tanh")
    view.wait(lambda: "Started again with activation tanh" in view.text and epoch(view) == 0)
    view.press("Step")
    view.wait(lambda: epoch(view) == 1)
    view.press("Reset")
    view.wait(lambda: epoch(view) == 0)
    line = 'Playground(hidden=(5,), activation="tanh", learning_rate=0.5)'
    assert view.box.get_by_label("This line").input_value() == line
    assert page.problems == []


@pytest.mark.slow
def test_the_keyboard_alone_reaches_everything_in_its_order(playground, page):
    view = playground
    view.button("Play").focus()
    top = ["Play", "Step", "Reset", "Learning rate", "Activation", "Optimizer", "Cost",
           "Regularisation", "Regularisation rate", "Problem", "Data", "Samples", "Noise",
           "Test share", "Batch size", "Seed", "x1", "x2"]  # fmt: skip
    assert view.reached_by_tab(len(top)) == top
    view.button("Step").focus()
    view.changes(lambda: page.keyboard.press("Space"))
    view.button("Play").focus()
    view.changes(lambda: page.keyboard.press("Enter"))
    view.box.get_by_role("button", name="One hidden layer more").focus()
    page.keyboard.press("Enter")
    view.wait(lambda: "on: hidden 4 × 4" in view.text)


@pytest.mark.parametrize("leave", slow_but("page", ["page", "tab"]))
def test_who_leaves_while_playing_stops_the_kernel(playground, page, leave):
    pid = ask(page, "__import__('os').getpid()")
    playground.changes(lambda: playground.press("Play"))
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
def test_it_plays_on_after_the_page_was_left(playground, page):
    playground.changes(lambda: playground.press("Play"))
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    page.reload()
    page.wait_for_selector(f"{KIND} svg[role=img]")
    view = View(page, KIND)
    if view.button("Play").count():  # the page was away for longer than some seconds
        view.press("Play")
    before = epoch(view)
    view.wait(lambda: epoch(view) > before)
    view.press("Pause")
    view.wait(lambda: "Paused." in view.text)


@pytest.mark.slow
def test_a_second_view_of_the_output_plays_with_the_first(playground, page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:create-output-view')")
    page.wait_for_function("kind => document.querySelectorAll(kind).length == 2", arg=KIND)
    one, two = View(page, KIND, 0), View(page, KIND, 1)
    one.press("Play")
    one.wait(lambda: epoch(one) > 200)
    two.wait(lambda: epoch(two) > 200)
    two.press("Pause")
    one.wait(lambda: "Paused." in one.text)


@pytest.mark.slow
def test_interrupt_then_play_then_restart_and_run_all(playground, page):
    view = playground
    view.changes(lambda: view.press("Play"))
    for _ in range(3):
        page.evaluate(INTERRUPT)
        page.wait_for_timeout(300)
    if view.button("Play").count():
        view.press("Play")
    before = epoch(view) if view.text.startswith("Epoch") else 0
    view.wait(lambda: view.text.startswith("Epoch") and epoch(view) > before)
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:restart-run-all')")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(
        "kind => document.querySelector(kind)?.innerText.includes('Epoch 0.')", arg=KIND
    )
    view = View(page, KIND)
    view.press("Play")
    view.wait(lambda: epoch(view) > 0)


@pytest.mark.slow
def test_two_do_not_disturb_each_other(show, page):
    one, two = show(PLAYGROUND, "Playground(seed=2)", kind=KIND, count=2)
    one.changes(lambda: one.press("Play"))
    assert epoch(two) == 0
    two.changes(lambda: two.press("Play"))
    before = epoch(one)
    one.wait(lambda: epoch(one) > before)
    one.press("Pause")
    one.wait(lambda: "Paused." in one.text)
    still, before = one.text, epoch(two)
    two.wait(lambda: epoch(two) > before + 100)
    assert one.text == still


@pytest.mark.slow
def test_learning_rate_ten_diverges_in_words_and_reset_works(show, page):
    settings = 'data="plane", hidden=(8, 8), activation="relu", learning_rate=0.01'
    (view,) = show(PLAYGROUND.replace("Playground()", f"Playground({settings})"), kind=KIND)
    view.changes(lambda: view.press("Play"))
    view.field(0).fill("10")
    page.keyboard.press("Enter")
    view.wait(lambda: "Stopped. Diverged after" in view.text)
    assert "NaN" not in re.sub('base64,[^"]*', "", view.picture)
    assert view.box.get_by_role("alert").inner_text().startswith("Diverged after")
    view.button("Play").wait_for()
    view.field(0).fill("0.01")
    page.keyboard.press("Enter")
    view.press("Reset")
    view.wait(lambda: epoch(view) == 0 and "Stopped" not in view.text)
    view.press("Play")
    view.wait(lambda: epoch(view) > 20)
    assert page.problems == []


@pytest.mark.slow
def test_a_cell_run_again_ends_what_it_showed_before(playground, page):
    playground.changes(lambda: playground.press("Play"))
    ask(page, "1", "old = shown")
    run_all_cells(page)
    page.wait_for_function(
        "kind => document.querySelector(kind)?.innerText.includes('Epoch 0.')", arg=KIND
    )
    before = ask(page, "old.epoch")
    page.wait_for_timeout(1000)
    assert ask(page, "old.epoch") == before


AXED = {"playground": PLAYGROUND, **MAKE}


# The tooltip of each control, of its label or of the HTML in that.
TOOLTIPS = """box => [...box.querySelectorAll('button, input, select')]
    .filter(control => control.offsetParent)
    .map(control => {
        const label = control.labels?.[0];
        const tip = label?.querySelector('[title]:not(:has([title]))') ?? label;
        return [(label ?? control).innerText, control.title || tip?.title || ''];
    })"""


@pytest.mark.parametrize("name", slow_but("playground", AXED))
def test_every_control_shows_a_tooltip_in_words(show, name):
    (view,) = show(EXPLORERS, AXED[name], kind=KIND if name == "playground" else ".nnlib-explorer")
    tooltips = view.box.evaluate(TOOLTIPS)
    assert len(tooltips) > 3
    assert [pair for pair in tooltips if not pair[1] or "<" in pair[1]] == []


@pytest.mark.parametrize("name", slow_but("playground", AXED))
def test_axe_finds_nothing_serious(show, page, name):
    from axe_playwright_python.sync_playwright import Axe

    kind = KIND if name == "playground" else ".nnlib-explorer"
    show(EXPLORERS, AXED[name], kind=kind)
    found = Axe().run(page, kind).response["violations"]
    serious = [
        f"{v['id']}: {v['help']}: {node['html'][:160]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == [], "\n".join(serious)


CUT_OFF = """box => [...box.querySelectorAll('svg[role=img] text')].filter(text => {
    const inside = text.getBoundingClientRect();
    const outside = text.closest('svg[role=img]').getBoundingClientRect();
    return inside.left < outside.left - 0.5 || inside.right > outside.right + 0.5 ||
        inside.top < outside.top - 0.5 || inside.bottom > outside.bottom + 0.5;
}).map(text => text.textContent)"""
WIDEST = {
    "small costs": {"data": "houses", "hidden": ()},
    "large costs": {"data": "plane", "hidden": (), "learning_rate": 1.0},
    "long names": {"hidden": (8,) * 6, "features": tuple(FEATURES)},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WIDEST)
def test_no_text_of_the_picture_is_cut_off(playground, page, name):
    ask(page, "1", f"shown.look(sweep=True); shown.set(**{WIDEST[name]}); shown.advance(30)")
    playground.wait(lambda: "Sweep after 1 " not in playground.text)
    page.wait_for_timeout(1000)
    assert playground.box.evaluate(CUT_OFF) == []


@pytest.mark.slow
def test_a_neuron_under_the_pointer_is_large_and_its_neighbour_does_not_cover_it(playground, page):
    frames = playground.box.locator(".nnlib-node > rect:first-of-type")
    for pointed, covers in (2, [3]), (5, []):  # hidden neurons 1 and 4 of 4
        page.mouse.move(0, 0)
        place = frames.nth(pointed).bounding_box()
        page.mouse.move(place["x"] + 10, place["y"] + 10)
        page.wait_for_timeout(300)
        assert frames.nth(pointed).bounding_box()["width"] > 2 * place["width"]
        seen = frames.evaluate_all(
            "all => all.map(one => getComputedStyle(one.parentNode).opacity)"
        )
        assert [n for n, opacity in enumerate(seen) if opacity == "0"] == covers


@pytest.mark.slow
def test_what_is_in_a_field_fits_into_it(playground, page):
    ask(page, "1", "shown.set(data='spiral', samples=400, noise=0.25, hidden=(8, 8, 8), "
        "activation='tanh', learning_rate=0.000123, seed=123456)")  # fmt: skip
    playground.wait(lambda: "learning rate 0.000123" in playground.text)
    fields = """box => [...box.querySelectorAll('input')].filter(field => field.offsetParent)
        .map(field => [field.value, field.scrollWidth - field.clientWidth])"""
    page.wait_for_timeout(500)
    assert [pair for pair in playground.box.evaluate(fields) if pair[1] > 0] == []


@pytest.mark.slow
def test_the_picture_for_the_readme(show, page):
    made = f"shown = {readme_picture.LINE}\nshown.advance({readme_picture.EPOCHS})\nshown"
    (view,) = show(PLAYGROUND.replace("shown = Playground()\nshown", made), kind=KIND)
    page.wait_for_timeout(1000)
    image = Image.open(io.BytesIO(view.box.screenshot())).convert("RGB").quantize(256)
    notes, png = PngImagePlugin.PngInfo(), io.BytesIO()
    notes.add_itxt("Description", readme_picture.contents())
    image.save(png, "png", optimize=True, pnginfo=notes)
    assert 20_000 < len(png.getvalue()) <= readme_picture.LARGEST
    if os.environ.get("NNLIB_PICTURE") == "new":
        readme_picture.PATH.write_bytes(png.getvalue())
