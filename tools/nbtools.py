"""What the tests and `refresh.py` share: finding, reading and running the notebooks."""

import re
import subprocess
import warnings
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager
from traitlets import default

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
TRANSLATIONS = sorted(FOLDER.glob("[a-z][a-z]/*.ipynb"))  # notebooks/de/00_start_here.ipynb
LESSONS = [path for path in PATHS if path.name[0].isdigit()]  # the others are pages to look up

# A number as it is printed, without its sign: 3, 0.72, 1., 60,000, 1.5e-07.
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][-+]?\d+)?")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal


class CellFailed(Exception):
    """A cell raised, timed out or killed its kernel; the message names the cell."""


def read(path):
    """The notebook at `path`; cells that lack an id get one (nbformat ≥ 4.5)."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    """The code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    """The set of a cell's tags."""
    return set(cell.metadata.get("tags", []))


def cell_name(number, cell):
    """How messages call a cell: its place, counted from 1 over all cells, and its id."""
    return f"cell {number} [{cell.get('id', 'no id')}]"


class _SameEnvironment(AsyncKernelManager):
    """Starts the kernel that nbval starts: this environment's Python, whatever is installed."""

    @default("kernel_spec_manager")
    def _kernel_spec_manager_default(self):
        return NbvalKernelspecManager()


def run(notebook, folder, timeout=120, again=()):
    """Run every cell of `notebook` in place, from a fresh kernel, in `folder`; returns it.

    `again`: the indices of cells to run once more in the same kernel, in that order, after each
    cell has run; what they give then replaces what they gave before.
    Raises CellFailed at the first cell that raises without the tag `raises-exception`.
    """
    client = NotebookClient(
        notebook,
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        kernel_manager_class=_SameEnvironment,
        timeout=timeout,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    with warnings.catch_warnings():
        # On Windows, where asyncio's own loop needs the help of a thread.
        warnings.filterwarnings("ignore", "Proactor event loop", RuntimeWarning)
        with client.setup_kernel(stderr=subprocess.DEVNULL):
            for index in (*range(len(notebook.cells)), *again):
                cell = notebook.cells[index]
                try:
                    client.execute_cell(cell, index)
                except (CellControlSignal, DeadKernelError) as error:
                    message = COLOUR.sub("", str(error)).strip()
                    raise CellFailed(f"{cell_name(index + 1, cell)}: {message}") from None
    return notebook


def markdown_cells(notebook):
    """The markdown cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def texts(output):
    """Every text that an output stores, as (where, text): all mime types except pictures."""
    if output.output_type == "stream":
        return [(output.name, output.text)]
    if output.output_type == "error":
        return [("ename", output.ename), ("evalue", output.evalue)]
    return [
        (mime, value if isinstance(value, str) else str(value))
        for mime, value in sorted(output.data.items())
        if mime not in ("image/png", "image/jpeg")
    ]
