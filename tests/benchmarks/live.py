"""How fast the playground moves: `python tests/benchmarks/live.py [--rounds 2]`.

A real JupyterLab and headless Chromium, as pip installs it and as start.py sets it up, with 500
training points, a surface of 60 × 60 and every neuron's own. Each number is the best of the rounds:
other work on the machine only ever slows it down. A number that misses its goal is marked with "!".
TensorFlow Playground, on the same two cores: 60 pictures a second (2-4-2-1), 40 (8-8); learning
rate → next picture 21/32 ms, hidden size 27/41 ms, after which it stops and starts again.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from labs import BROWSER_ARGUMENTS, BROWSERS, KERNEL_IS_IDLE, NO_CHROMIUM, running_lab  # noqa: E402
from watching import WATCH, ask, open_cells, run_all_cells, share  # noqa: E402

from conftest import copied, loaded  # noqa: E402
from nnlib.live.settings import Settings  # noqa: E402
from nnlib.live.simulation import Simulation  # noqa: E402
from nnlib.live.sweep import Sweep  # noqa: E402

FIRST = """
import time
from nnlib.live import Playground

def counting(playground):
    answer, playground._bytes, playground._pictures = playground.answer, 0, 0
    def count(request):
        content, buffers = answer(request)
        playground._bytes += len(str(content)) + sum(map(len, buffers))
        playground._pictures += 1
        return content, buffers
    playground.answer = count
    return playground
"""
MOST, LEAST = max, min  # the best of a number that should be large; of one that should be small
ROWS = {  # name: which is the best, the goal in a stock JupyterLab, the goal as start.py sets it up
    "pictures a second, 2-4-2-1": (MOST, 28, 55),
    "pictures a second, 2-8-8-1": (MOST, 28, 30),
    "learning rate → picture, p50 ms": (LEAST, 60, 30),
    "learning rate → picture, p95 ms": (LEAST, 80, 45),
    "hidden size → picture, p50 ms": (LEAST, 60, 30),
    "hidden size → picture, p95 ms": (LEAST, 80, 45),
    "kernel core at 60 epochs a second": (LEAST, 0.35, 0.35),
    "kernel core, paused": (LEAST, 0.02, 0.02),
    "kB a picture": (LEAST, 16, 16),
    "epochs a second, unlimited": (MOST, 5000, 5000),
    "two at once: the slower's share": (MOST, 0.4, 0.4),
    "kernel MiB after notebook 06": (LEAST, 100, 100),
}
STATE = "[shown.epoch, time.monotonic(), time.process_time(), shown._pictures, shown._bytes]"


def playing(page, name="shown", seconds=5, n=0):
    """What happens in some seconds of play: pictures and epochs a second, core, bytes a picture."""
    state = STATE.replace("shown", name)
    page.locator(".nn-play").nth(n).click()
    page.wait_for_timeout(1500)
    before = ask(page, state)
    page.wait_for_timeout(1000 * seconds)
    epoch, clock, core, pictures, size = (b - a for a, b in zip(before, ask(page, state)))
    page.locator(".nn-play").nth(n).click()
    return pictures / clock, epoch / clock, core / clock, size / max(pictures, 1)


def latencies(page, press, times=40):
    """Milliseconds from each key to the first new note, which comes with its picture."""
    page.evaluate("() => { watch.notes = []; watch.presses = []; }")
    for k in range(times):
        press(k)
        page.wait_for_timeout(150 + 7 * k % 40)
    seen = page.evaluate("() => watch")
    after = ([at - t for at in seen["notes"] if at >= t] for t in seen["presses"])
    return [waits[0] if waits else float("inf") for waits in after]


def show(page, lab, *lines):
    open_cells(page, lab, FIRST, *lines)
    run_all_cells(page)
    page.wait_for_function(
        "(n) => document.querySelectorAll('.nn-ready').length == n", arg=len(lines)
    )
    page.wait_for_timeout(1000)


def measure(page, lab):
    """One round, as {row: number}."""
    wide = "shown = counting(Playground(samples=1000, hidden=(8, 8)))\nshown"
    show(page, lab, wide)
    pictures_wide = playing(page)[0]
    show(page, lab, wide.replace("(8, 8)", "(4, 2)"))
    page.evaluate(WATCH)
    pictures, _, core, size = playing(page)
    page.locator(".nn-play").click()
    page.locator(".nn-slider input[type=number]").first.focus()
    keys = "ArrowUp", "ArrowDown"
    rate = latencies(page, lambda k: page.keyboard.press(keys[k // 10 % 2]))
    minus, plus = (page.locator(".nn-head .nn-small").nth(n) for n in (0, 1))
    hidden = latencies(page, lambda k: (minus if k // 3 % 2 else plus).press("Enter"))
    page.locator(".nn-play").click()
    page.wait_for_timeout(500)
    before = ask(page, STATE)
    page.wait_for_timeout(2000)
    _, clock, paused, *_ = (b - a for a, b in zip(before, ask(page, STATE)))
    ask(page, "0", "shown.speed = float('inf')")
    unlimited = playing(page, seconds=3)[1]
    line = "{} = counting(Playground(samples=1000, hidden=(4, 2)))\n{}"
    show(page, lab, line.format("one", "one"), line.format("two", "two"))
    page.evaluate("() => document.body.style.zoom = 0.4")  # both on one screen
    alone = playing(page, "one", 3)[0]
    page.locator(".nn-play").nth(1).click()
    slower = min(playing(page, "one", 4)[0], alone)
    return dict(zip(ROWS, (
        pictures, pictures_wide, share(rate, 0.5), share(rate, 0.95), share(hidden, 0.5),
        share(hidden, 0.95), core, paused / clock, size / 1000, unlimited, slower / alone,
        memory_after_06(page, lab),
    )))  # fmt: skip


def memory_after_06(page, lab):
    """Megabytes (2²⁰) of the kernel when all of notebook 06 has run in the browser."""
    page.goto(f"{lab.url}lab/workspaces/m/tree/notebooks/06_playground.ipynb?token={lab.token}")
    page.wait_for_function(KERNEL_IS_IDLE)
    run_all_cells(page)
    page.wait_for_timeout(2000)
    page.wait_for_function(KERNEL_IS_IDLE, timeout=120_000)
    return psutil.Process(ask(page, "os.getpid()", "import os")).memory_info().rss / 2**20


def sweep():
    """Return the milliseconds for 64 networks and 500 epochs on the houses; the best of seven."""
    settings = Settings(data="houses")
    simulation, best = Simulation(settings), float("inf")
    for _ in range(7):
        began = time.perf_counter()
        Sweep(settings, simulation.X, simulation.y, epochs=500).advance()
        best = min(best, 1000 * (time.perf_counter() - began))
    return best


def configuration(playwright, stock, rounds):
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder) / "course")
        with running_lab(root, loaded(root / "tools" / "installation.py"), stock=stock) as lab:
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            found = [measure(page, lab) for _ in range(rounds)]
            browser.close()
    return found


def marked(number, goal, best):
    """The number, and "!" where it misses its goal."""
    return f"{number:11,.2f}{'!' if best(number, goal) != number else ' '}"


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        both = [configuration(playwright, stock, rounds) for stock in (True, False)]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}, best of {rounds} rounds\n")  # fmt: skip
    print(f"{'':<36}{'stock':>11} {'start.py':>11}  goals")
    for row, (best, *goals) in ROWS.items():
        numbers = (
            marked(best(one[row] for one in found), goal, best) for found, goal in zip(both, goals)
        )
        sign = "≥" if best is MOST else "≤"
        print(f"{row:<36}{''.join(numbers)}  {sign} {goals[0]:,}, {sign} {goals[1]:,}")
    print(f"{'sweep of 64 networks, 500 epochs, ms':<48}{marked(sweep(), 60, LEAST)}  ≤ 60")


if __name__ == "__main__":
    main()
