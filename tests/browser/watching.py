"""Looks at a moving picture in JupyterLab: what is painted, when, and what the kernel says."""

import itertools
import json

import nbformat
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
