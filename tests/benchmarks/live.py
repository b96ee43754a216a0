"""How fast the playground moves: `python tests/benchmarks/live.py [--rounds 2]`.

A real JupyterLab and headless Chromium; the playground of the first table trains all the while, in
a stock JupyterLab and as start.py sets it up. Each number is the best of the rounds: other work on
the machine only ever slows it down. Then the sweep, and a race with TensorFlow Playground. A
number that misses its goal is marked with "!".
"""

import argparse
import inspect
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from labs import BROWSER_ARGUMENTS, BROWSERS, NO_CHROMIUM, running_lab  # noqa: E402
from nnlib.live.model import Simulation, Sweep  # noqa: E402
from watching import WATCH, ask, open_cells, run_all_cells, share  # noqa: E402

from conftest import copied, loaded  # noqa: E402
from nnlib import data  # noqa: E402
from nnlib.live.settings import Settings  # noqa: E402
from nnlib.network import Layer, Network, compute_cost, forward_propagation  # noqa: E402
from nnlib.training import train_neural_network  # noqa: E402

CELLS = (
    """
import time
from nnlib.live import Playground

shown = Playground(data="circles", samples=1000, test_share=0.5, hidden=(4, 2), learning_rate=0.3)
draw, cost = shown.scene.draw, {"cpu": 0.0, "frames": 0, "bytes": 0}

def measured():
    began = time.thread_time()
    picture, text = draw()
    cost["cpu"] += time.thread_time() - began
    cost["frames"] += 1
    cost["bytes"] += len(picture.encode())
    settings = shown.settings
    return picture + f'<i data-mark="{settings.learning_rate} {settings.hidden}"></i>', text

shown.scene.draw = measured
shown.look()  # draws it once
shown.widget.add_class("nnlib-watched");
""",
    "shown",
)
# The least that a change can take: a word in place of the picture, and a kernel at rest.
WORD = """
import ipywidgets as widgets

field, word = widgets.FloatText(1.0, step=0.1), widgets.HTML("<b data-mark='1.0'>1.0</b>")

def follow(change):
    word.value = f"<b data-mark='{change.new}'>{change.new}</b>"

field.observe(follow, "value")
box = widgets.VBox([field, word])
box.add_class("nnlib-watched")
"""
NOW = "[shown.epoch, time.monotonic(), time.process_time(), cost]"
MOST, LEAST = max, min  # the best of a number that should be large; of one that should be small
ROWS = {  # name: which is the best, the goal in a stock JupyterLab, the goal as start.py sets it up
    "frames painted a second": (MOST, 28, 28),
    "learning rate → picture, p50 ms": (LEAST, None, None),
    "learning rate → picture, p95 ms": (LEAST, 90, 60),
    "hidden size → picture, p50 ms": (LEAST, None, None),
    "hidden size → picture, p95 ms": (LEAST, 100, 70),
    "a word, kernel at rest, p50 ms": (LEAST, None, None),
    "a word, kernel at rest, p95 ms": (LEAST, None, None),
    "a 25-step drag settles in, ms": (LEAST, 150, 150),
    "drawing, kernel CPU ms a frame": (LEAST, 3, 3),
    "kernel CPU in all, ms a frame": (LEAST, None, None),
    "kB a frame": (LEAST, 25, 25),
    "picture messages a frame": (LEAST, 1.05, 1.05),
    "weight updates a second": (MOST, 5000, 5000),
}


# TensorFlow Playground as it opens: 500 samples of its circles without noise, half of them for the
# test, a 2-4-2-1 network of tanh, batches of 10, learning rate 0.03. (Source: src/state.ts,
# src/dataset.ts and src/nn.ts of github.com/tensorflow/playground.) It trains one epoch a frame, so
# 60 a second at the best. Its output is a tanh and its targets are −1 and 1; its cost 0.01 is half
# the mean squared error there, and the same answers have the cost 0.005 with a sigmoid, 0 and 1.
def circles(samples, noise, rng):
    """A disc of class 1 inside a ring of class 0, as TensorFlow Playground makes them."""
    y = (np.arange(samples) % 2)[:, np.newaxis].astype(float)
    radius = 5 * rng.uniform(np.where(y == 1, 0, 0.7), np.where(y == 1, 0.5, 1))
    angle = rng.uniform(0, 2 * np.pi, (samples, 1))
    return np.hstack([radius * np.sin(angle), radius * np.cos(angle)]), y


RACE = f"""
import numpy as np
from nnlib.live import settings

{inspect.getsource(circles)}
settings.PUZZLES["circles"] = settings.Puzzle("classification", circles)
race = Playground(samples=500, noise=0.0, test_share=0.5, hidden=(4, 2), activation="tanh",
                  batch_size=10, learning_rate=0.03)
advance, there = race.scene.advance, []

def until_there(seconds):
    advance(seconds)
    if not there and race.test_cost < 0.005:
        there[:] = time.monotonic(), race.epoch

race.scene.advance = until_there
race.widget.add_class("nnlib-race");
"""
SEEDS = range(1, 8)
RACE_ENDS = 20  # seconds


def latencies(page, press, times=40):
    """Milliseconds from each press to the first new picture that shows it."""
    page.evaluate("() => { watch.marks = []; watch.presses = []; }")
    for k in range(times):
        press(k)
        page.wait_for_timeout(150 + 7 * k % 40)
    seen = page.evaluate("() => watch")
    after = ([at - t for at, _ in seen["marks"] if at >= t] for t in seen["presses"])
    return [waits[0] if waits else float("inf") for waits in after]


def drag(page, handle):
    """Milliseconds from the last of 25 steps of a drag to the last new picture."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { watch.marks = []; }")
    for k in range(25):
        page.mouse.move(x + k - 12, y)
    ended = page.evaluate("() => performance.now()")
    page.mouse.up()
    page.wait_for_timeout(1000)
    return max(0.0, max(at for at, _ in page.evaluate("() => watch.marks")) - ended)


def word(context, lab):
    """Milliseconds from each press to a word that shows it."""
    page = context.new_page()
    open_cells(page, lab, WORD, "box")
    run_all_cells(page)
    page.wait_for_selector(".nnlib-watched [data-mark]", state="attached")
    page.evaluate(WATCH)
    page.wait_for_timeout(2000)
    page.locator(".nnlib-watched input").first.focus()
    waits = latencies(page, lambda k: page.keyboard.press("ArrowUp"))
    page.close()
    return waits


def measure(page, waits, seconds=6):
    """One round, as {row: number}; `waits` is what `word` found."""
    box = page.locator(".nnlib-watched")
    box.locator("button", has_text="Play").first.click()
    page.wait_for_timeout(1500)
    page.evaluate("() => { watch.paints = []; watch.received = []; }")
    (e0, t0, p0, c0), began = ask(page, NOW), page.evaluate("() => performance.now()")
    page.wait_for_timeout(1000 * seconds)
    (e1, t1, p1, c1), seen = ask(page, NOW), page.evaluate("() => [watch, performance.now()]")
    paints, frames = len(seen[0]["paints"]), c1["frames"] - c0["frames"]
    pictures = sum(kind == "comm_msg" and large for kind, _, large in seen[0]["received"])
    handle = box.locator(".nnlib-slider .noUi-touch-area").first
    box.locator(".nnlib-slider input").first.focus()
    keys = "ArrowUp", "ArrowDown"
    rate = latencies(page, lambda k: page.keyboard.press(keys[k // 10 % 2]))
    plus, minus = (
        box.locator(f"button[title*='{word} in hidden layer 1']") for word in ("more", "fewer")
    )
    size = latencies(page, lambda k: (minus if k // 3 % 2 else plus).press("Enter"))
    settles = drag(page, handle)
    box.locator("button", has_text="Pause").first.click()
    return dict(zip(ROWS, (
        paints * 1000 / (seen[1] - began), share(rate, 0.5), share(rate, 0.95),
        share(size, 0.5), share(size, 0.95), share(waits, 0.5), share(waits, 0.95), settles,
        1000 * (c1["cpu"] - c0["cpu"]) / frames, 1000 * (p1 - p0) / frames,
        (c1["bytes"] - c0["bytes"]) / frames / 1000, pictures / frames, (e1 - e0) / (t1 - t0),
    )))  # fmt: skip


def our_race(page):
    """Seconds from the press on Play to test cost 0.01, and epochs, of each seed; the median."""
    box = page.locator(".nnlib-race")
    box.scroll_into_view_if_needed()
    ends = []
    for seed in SEEDS:
        ask(page, "1", f"race.set(seed={seed})\nthere.clear()")
        began = time.monotonic()  # the kernel reads the same clock
        box.locator("button", has_text="Play").first.click()
        there = []
        while not there and time.monotonic() < began + RACE_ENDS:
            page.wait_for_timeout(200)
            there = ask(page, "there")
        box.locator("button", has_text="Pause").first.click()
        page.wait_for_timeout(500)
        ends.append((there[0] - began, there[1]) if there else (float("inf"), float("inf")))
    return sorted(ends)[len(ends) // 2]


def their_epochs(seed, most=1500):
    """How many epochs TensorFlow Playground needs to test cost 0.01, from a start of its kind."""
    rng = np.random.default_rng(seed)
    X, y = circles(500, 0, rng)
    network = Network((2, 4, 2, 1), hidden="tanh", output="tanh")
    parameters = [
        Layer(rng.uniform(-0.5, 0.5, (rows, columns)), np.full((1, columns), 0.1))
        for rows, columns in zip(network.sizes, network.sizes[1:])
    ]
    X, X_test, y, y_test = data.split(X, 2 * y - 1, test_size=0.5, rng=rng)
    for epoch in range(10, most, 10):
        parameters, _ = train_neural_network(  # half the rate: its cost has a factor ½, ours not
            network, parameters, X, y, learning_rate=0.015, epochs=10, batch_size=10, rng=rng
        )
        trace = forward_propagation(network, parameters, X_test)
        if compute_cost(network, parameters, trace, y_test) / 2 < 0.01:
            return epoch
    return float("inf")


def sweep():
    """Milliseconds for 64 networks and 500 epochs on the houses; the best of seven."""
    settings = Settings(data="houses")
    simulation, best = Simulation(settings), float("inf")
    for _ in range(7):
        began = time.perf_counter()
        Sweep(settings, simulation.X, simulation.y, epochs=500).advance()
        best = min(best, 1000 * (time.perf_counter() - began))
    return best


def configuration(playwright, stock, rounds):
    """The rounds in one configuration, and the race in it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder) / "course")
        with running_lab(root, loaded(root / "start.py"), stock=stock) as lab:
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            waits, page = word(context, lab), context.new_page()
            open_cells(page, lab, *CELLS, RACE, "race")
            run_all_cells(page)
            page.wait_for_selector(".nnlib-watched [data-mark]", state="attached")
            page.evaluate(WATCH)
            found = [measure(page, waits) for _ in range(rounds)]
            race = None if stock else our_race(page)
            browser.close()
    return found, race


def marked(number, goal, best=LEAST):
    """The number, and "!" where it misses its goal."""
    missed = goal is not None and best(number, goal) != number
    return f"{number:10,.1f}{'!' if missed else ' '}"


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        (stock, _), (ours, race) = (
            configuration(playwright, stock, rounds) for stock in (True, False)
        )
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}, best of {rounds} rounds\n")  # fmt: skip
    print(f"{'500 training points, network 2-4-2-1':<36}{'stock':>10} {'start.py':>10}  goals")
    for row, (best, *goals) in ROWS.items():
        numbers = (marked(best(r[row] for r in found), goal, best)
                   for found, goal in zip((stock, ours), goals))  # fmt: skip
        sign = "≥" if best is MOST else "≤"
        wanted = f"{sign} {goals[0]:,}, {sign} {goals[1]:,}" if goals[0] else ""
        print(f"{row:<36}{''.join(numbers)}  {wanted}")
    print(f"{'sweep of 64 networks, 500 epochs, ms':<47}{marked(sweep(), 60)}  < 60")
    needed = sorted(map(their_epochs, SEEDS))[len(SEEDS) // 2]
    print(f"{'Play → test cost 0.01, median s':<47}{marked(race[0], needed / 60)}  "
          f"< {needed / 60:.1f}, TensorFlow Playground's {needed} epochs, 60 a second")  # fmt: skip
    print(f"{'   … our epochs':<47}{marked(race[1], None)}")


if __name__ == "__main__":
    main()
