"""What several tests do with a live notebook: open it, run it, read it."""

import json

OPEN = "() => document.querySelector('#loading.done') !== null"
READY = "() => document.getElementById('status').textContent.includes('ready')"
PANEL = "window.jupyterapp.shell.currentWidget"


class LiveNotebook:
    """The live notebook in a page of Playwright's.

    `python=False` does not wait until its Python is ready: then it can be read and written only.
    """

    def __init__(self, page, timeout=120, python=True):
        self.page = page
        page.wait_for_function(READY if python else OPEN, timeout=1000 * timeout)
        self.frame = page.frame_locator("#lab").owner.element_handle().content_frame()

    def content(self):
        """The notebook as it is now, a dictionary."""
        return json.loads(
            self.frame.evaluate(f"() => JSON.stringify({PANEL}.context.model.toJSON())")
        )

    def cells(self, kind="code"):
        """Its cells of a kind."""
        return [cell for cell in self.content()["cells"] if cell["cell_type"] == kind]

    def run_all(self, timeout=300):
        """Run all cells and return them when the last one has ended.

        As for the stored outputs, there are no progress bars.
        """
        self.execute("import os; os.environ['TQDM_DISABLE'] = '1'")
        self.command("notebook:run-all-cells", timeout)
        return self.cells()

    def execute(self, code):
        """Run code that is in no cell, without an output."""
        self.frame.evaluate(
            """async (code) => {
                const { kernel } = PANEL.sessionContext.session;
                await kernel.requestExecute({ code }).done;
            }""".replace("PANEL", PANEL),
            code,
        )

    def command(self, name, timeout=60):
        """Carry out a command of JupyterLab's and wait for its end."""
        self.frame.evaluate(
            """([name, seconds]) => Promise.race([
                window.jupyterapp.commands.execute(name),
                new Promise((_, fail) => setTimeout(fail, 1000 * seconds, `${name} took too long`)),
            ])""",
            [name, timeout],
        )

    def index(self, cell_id):
        """The place of the cell with this id among all cells."""
        return [cell["id"] for cell in self.content()["cells"]].index(cell_id)

    def write(self, cell_id, source):
        """Put a source into a cell."""
        self.frame.evaluate(
            f"([index, text]) => {PANEL}.content.widgets[index].model.sharedModel.setSource(text)",
            [self.index(cell_id), source],
        )

    def choose(self, cell_id):
        """Make a cell the active one and return its place."""
        index = self.index(cell_id)
        self.frame.evaluate(
            """(index) => {
                const { content } = PANEL;
                content.deselectAll();
                content.activeCellIndex = index;
            }""".replace("PANEL", PANEL),
            index,
        )
        return index

    def run(self, cell_id):
        """Run one cell and return it."""
        index = self.choose(cell_id)
        self.command("notebook:run-cell")
        return self.content()["cells"][index]

    def start(self, cell_id):
        """Run one cell without waiting for its end."""
        self.choose(cell_id)
        self.frame.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")

    def save(self):
        """Save it in the browser."""
        self.frame.evaluate(f"() => {PANEL}.context.save()")
