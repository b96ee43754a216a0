"""Looks at a moving picture in JupyterLab: what is painted, when, and what the kernel says."""

import itertools
import json
import time

import nbformat
import psutil
from labs import KERNEL_IS_IDLE

NUMBERS = itertools.count()

# Notes when a new picture is on the page (it counts up the epoch if it plays fast enough), when the
# note has changed, and when a key is pressed.
WATCH = """() => {
    const watch = window.watch = {pictures: [], notes: [], presses: []};
    const note = (selector, name) => new MutationObserver(() => {
        requestAnimationFrame(() => watch[name].push(performance.now()));
    }).observe(document.querySelector(selector), {childList: true, subtree: true});
    note('.nn-playground .nn-epoch', 'pictures');
    note('.nn-playground .nn-note', 'notes');
    document.addEventListener('keydown', () => watch.presses.push(performance.now()), true);
}"""
ASK = """async (code) => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false, silent: false});
    let text = '';
    future.onIOPub = (msg) => {
        if (msg.header.msg_type === 'stream') text += msg.content.text;
        if (msg.header.msg_type === 'error') text += msg.content.traceback.join('\\n');
    };
    await future.done;
    return text;
}"""


# JupyterLab hides what is in the cells far from the screen, so a cell has to be scrolled to first.
BRING = """([kind, n]) => {
    const wanted = document.querySelectorAll(kind)[n];
    const tabs = [...window.jupyterapp.shell.widgets('main')];
    const shown = tabs.find(({node}) => node.contains(wanted))?.content;
    if (!shown?.scrollToItem) return wanted?.scrollIntoView();  // a view of a single output
    const cell = shown.widgets.findIndex(({node}) => node.contains(wanted));
    shown.scrollToItem(cell, 'center');
}"""
# What the focus is on, by its label or by its own text.
NAME = "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText"


def write_notebook(path, *cells):
    """A notebook with these code cells, without outputs."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell, id=f"c-{n}") for n, cell in enumerate(cells)]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


def open_cells(page, lab, *cells):
    """Open a new notebook with these code cells, and wait for its kernel."""
    name = f"live-{next(NUMBERS)}"
    write_notebook(lab.root / "notebooks" / f"{name}.ipynb", *cells)
    # A workspace of its own: else the notebooks of earlier pages come back in hidden tabs.
    path = f"lab/workspaces/{name}/tree/notebooks/{name}.ipynb"
    page.goto(f"{lab.url}{path}?token={lab.token}")
    page.wait_for_function(KERNEL_IS_IDLE)


def ask(page, expression, before=""):
    """The value of a Python expression in the notebook's kernel, by way of JSON."""
    said = page.evaluate(ASK, f"import json\n{before}\nprint(json.dumps({expression}))")
    try:
        return json.loads(said)
    except ValueError:
        raise AssertionError(said) from None


def run_all_cells(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")


def share(values, part):
    """The value below which `part` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def cpu_of(pid, seconds=2.0):
    """Seconds of a processor that the kernel takes in so many seconds."""
    kernel = psutil.Process(pid)
    before = sum(kernel.cpu_times()[:2])
    time.sleep(seconds)
    return sum(kernel.cpu_times()[:2]) - before


class View:
    """A playground or an explorer on the page."""

    def __init__(self, page, kind=".nn-playground", n=0):
        self.page, self.box = page, page.locator(kind).nth(n)
        self.bring(kind, n)

    def bring(self, kind, n, seconds=20):
        """Scroll to it, again if outputs that come late push it off the screen."""
        until = time.monotonic() + seconds
        while True:
            self.page.evaluate(BRING, [kind, n])
            self.page.wait_for_timeout(300)
            if self.box.is_visible():
                break
            assert time.monotonic() < until, f"{kind} {n} is not to be seen"
        self.box.scroll_into_view_if_needed()

    @property
    def text(self):
        return self.box.locator("> .nn-words").inner_text()

    @property
    def epoch(self):
        return int(self.box.locator(".nn-epoch").inner_text().replace(",", ""))

    def find(self, selector, n=0):
        return self.box.locator(selector).nth(n)

    def press(self, name):
        self.box.locator(f".nn-{name}").click()

    def field(self, label):
        """The field of a control by its label."""
        return self.box.locator(f".nn-control:has-text('{label}') input").first

    def wait(self, condition, seconds=15):
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"still: {self.text}"
            self.page.wait_for_timeout(30)
