"""Looks at a moving picture in JupyterLab: what is painted, when, and what the kernel says."""

import itertools
import json
import re
import time

import nbformat
import psutil
from labs import KERNEL_IS_IDLE

NUMBERS = itertools.count()

# Counts the frames of the browser in which the picture has changed. `marks`: times at which the
# text that the picture carries in data-mark has changed; `presses`: times of pressed keys.
WATCH = """(at) => {
    const inside = document.querySelectorAll('.nnlib-watched [data-mark]')[at ?? 0];
    const box = inside.closest('.widget-html-content');
    const watch = window.watch = {paints: [], marks: [], presses: [], received: [], sent: []};
    const mark = () => box.querySelector('[data-mark]')?.dataset.mark;
    let last = mark(), waiting = false;
    new MutationObserver(() => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            watch.paints.push(performance.now());
            if (mark() !== last) watch.marks.push([performance.now(), last = mark()]);
        });
    }).observe(box, {childList: true, subtree: true});
    document.addEventListener('keydown', () => watch.presses.push(performance.now()), true);
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    kernel.anyMessage.connect((_, {msg, direction}) => {
        const list = direction === 'send' ? watch.sent : watch.received;
        const large = JSON.stringify(msg.content).includes('data-mark');  // a picture
        list.push([msg.header.msg_type, performance.now(), large]);
    });
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
    """One explorer or playground on the page."""

    def __init__(self, page, kind=".nnlib-explorer", n=0):
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
        return self.box.locator("[role=status]").inner_text()

    @property
    def picture(self):
        svgs = self.box.locator(".widget-html-content:has(svg[role=img])")
        return svgs.first.evaluate("box => box.innerHTML")

    def press(self, name):
        self.button(name).click()

    def button(self, name):
        return self.box.locator("button", has_text=re.compile(rf"^\s*{name}\s*$"))

    def field(self, n=0):
        """What the keyboard has of a slider."""
        return self.box.locator(".nnlib-slider input").nth(n)

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
        handle = self.box.locator(".nnlib-slider .noUi-touch-area").nth(n)
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by, y, steps=10)
        mouse.up()

    def reached_by_tab(self, count):
        """The names of what has the focus now and after each Tab."""
        names = []
        for _ in range(count):
            names.append(self.page.evaluate(NAME).strip())
            self.page.keyboard.press("Tab")
        return names
