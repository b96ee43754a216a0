"""How fast the playground moves: `python tests/benchmarks/live.py [--rounds 2]`.

A real JupyterLab and headless Chromium; the playground of the table below trains all the while, in
a stock JupyterLab and as start.py sets it up. Each number is the best of the rounds: other work on
the machine only ever slows it down.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from labs import BROWSER_ARGUMENTS, BROWSERS, NO_CHROMIUM, running_lab  # noqa: E402
from watching import WATCH, ask, open_cells, run_all_cells, share  # noqa: E402

from conftest import copied, loaded  # noqa: E402

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
shown.widget.add_class("nnlib-watched");
""",
    "shown",
)
NOW = "[shown.epoch, time.monotonic(), time.process_time(), cost]"
ROWS = {
    "frames painted a second": ("≥ 28", max),
    "learning rate → picture, p50 ms": ("", min),
    "learning rate → picture, p95 ms": ("≤ 60, stock ≤ 90", min),
    "hidden size → picture, p50 ms": ("", min),
    "hidden size → picture, p95 ms": ("≤ 70, stock ≤ 100", min),
    "a 25-step drag settles in, ms": ("≤ 150", min),
    "drawing, kernel CPU ms a frame": ("≤ 3", min),
    "kernel CPU in all, ms a frame": ("", min),
    "kB a frame": ("≤ 25", min),
    "picture messages a frame": ("1", min),
    "weight updates a second": ("≥ 5,000", max),
}


def latencies(page, press, times=40):
    """Milliseconds from each press to the first new picture that shows it."""
    page.evaluate("() => { watch.marks = []; watch.presses = []; }")
    for k in range(times):
        press(k)
        page.wait_for_timeout(150 + 7 * k % 40)
    seen = page.evaluate("() => watch")
    after = ([at - t for at, _ in seen["marks"] if at >= t] for t in seen["presses"])
    return [waits[0] for waits in after if waits]


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
    return max(at for at, _ in page.evaluate("() => watch.marks")) - ended


def measure(page, seconds=6):
    """One round, as {row: number}."""
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
        share(size, 0.5), share(size, 0.95), settles,
        1000 * (c1["cpu"] - c0["cpu"]) / frames, 1000 * (p1 - p0) / frames,
        (c1["bytes"] - c0["bytes"]) / frames / 1000, pictures / frames, (e1 - e0) / (t1 - t0),
    )))  # fmt: skip


def configuration(playwright, stock, rounds):
    """The rounds in one configuration."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder) / "course")
        with running_lab(root, loaded(root / "start.py"), stock=stock) as lab:
            browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            open_cells(page, lab, *CELLS)
            run_all_cells(page)
            page.wait_for_selector(".nnlib-watched [data-mark]", state="attached")
            page.evaluate(WATCH)
            found = [measure(page) for _ in range(rounds)]
            browser.close()
    return found


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright:
        stock, ours = (configuration(playwright, stock, rounds) for stock in (True, False))
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}, best of {rounds} rounds\n")  # fmt: skip
    print(f"{'500 training points, network 2-4-2-1':<36}{'stock':>10}{'start.py':>10}  wanted")
    for row, (wanted, best) in ROWS.items():
        numbers = (f"{best(r[row] for r in found):10,.1f}" for found in (stock, ours))
        print(f"{row:<36}{''.join(numbers)}  {wanted}")


if __name__ == "__main__":
    main()
