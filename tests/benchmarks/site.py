"""How large the site is and how fast it comes to life: python tests/benchmarks/site.py build/site

Prints what a first and a second visit to a live page take, and the pictures a second of the
playground. A quiet machine is needed; the browser is Chromium without any other host.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "site"), str(ROOT / "tests" / "site")]

from live import LiveNotebook  # noqa: E402
from server import Site  # noqa: E402

CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PICTURES = """(seconds) => new Promise((done) => {
    const epoch = document.querySelector(".nn-epoch");
    const began = performance.now();
    let before = epoch.textContent, count = 0;
    const look = () => {
        if (epoch.textContent !== before) { before = epoch.textContent; count += 1; }
        if (performance.now() - began < 1000 * seconds) requestAnimationFrame(look);
        else done(count / seconds);
    };
    look();
})"""
STEP = """() => new Promise((done) => {
    const epoch = document.querySelector(".nn-epoch"), before = epoch.textContent;
    const began = performance.now();
    const look = () => {
        if (epoch.textContent !== before) done(performance.now() - began);
        else requestAnimationFrame(look);
    };
    document.querySelector(".nn-step").click();
    look();
})"""


def main(folder):
    """Print all figures of the site in a folder."""
    sizes(Path(folder))
    site = Site(folder, "/course/")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        for visit in ("first", "second"):
            sent = len(site.sent)
            live_page(browser, site, visit)
            megabytes = sum(size for _, _, size in site.sent[sent:]) / 1e6
            print(f"  {megabytes:.1f} MB came over the line")
        for visit in ("first", "second"):
            playground_page(browser, site, visit)
        browser.close()
    site.close()


def sizes(folder):
    """Print the size of the parts."""
    total = 0
    for part in sorted(folder.iterdir()):
        files = [part] if part.is_file() else part.rglob("*")
        size = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
        total += size
        if size > 0.5:
            print(f"{part.name:24} {size:6.1f} MB")
    print(f"{'all':24} {total:6.1f} MB")


def live_page(browser, site, visit):
    """Print the times of a visit to a live notebook, up to the end of its first cell."""
    page = browser.new_page()
    began = time.perf_counter()
    page.goto(f"{site.url}run/02_forward_pass.html")
    page.locator("#loading.done").wait_for(state="attached", timeout=120_000)
    shown = time.perf_counter() - began
    notebook = LiveNotebook(page)
    ready = time.perf_counter() - began
    notebook.run(notebook.cells()[0]["id"])
    ran = time.perf_counter() - began
    print(f"{visit} visit: notebook {shown:.1f} s, Python {ready:.1f} s, first cell {ran:.1f} s")
    page.close()


def playground_page(browser, site, visit):
    """Print how soon the playground plays, how many pictures it shows, and how soon it answers."""
    page = browser.new_page()
    began = time.perf_counter()
    page.goto(f"{site.url}playground/index.html")
    page.locator("#view:not([hidden]) .nn-epoch").wait_for(timeout=120_000)
    print(f"{visit} visit: the playground plays after {time.perf_counter() - began:.1f} s")
    page.wait_for_timeout(1000)
    print(f"  {page.evaluate(PICTURES, 5):.0f} pictures a second")
    page.locator(".nn-play").click()
    page.wait_for_timeout(500)
    times = sorted(page.evaluate(STEP) for _ in range(40))
    print(f"  Step to picture: {statistics.median(times):.0f} ms, 95 % in {times[37]:.0f} ms")
    page.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site")
