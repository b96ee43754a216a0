"""Google Colab's old ipywidgets 7: the first cell brings nnlib there, and the notebooks run."""

import shlex
import subprocess
import sys

import pytest
from places import colab_cell

ROOT_REQUIREMENT = "nnlib @ "
COLAB = ["ipywidgets==7.7.1", "ipykernel", "matplotlib", "nbclient", "numpy", "tqdm"]
NOTEBOOKS = ["00_start_here", "02_forward_pass", "06_playground"]
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300).execute()
views = [
    output
    for cell in notebook.cells
    for output in cell.get("outputs", ())
    if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
]
print(len(views))
"""


def run(*command, **options):
    """Run a command and return what it prints; fail with its output."""
    result = subprocess.run(command, capture_output=True, text=True, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_notebooks_run_with_colabs_widgets(tmp_path, copy_course):
    course = copy_course(tmp_path / "course")
    uv = pytest.importorskip("uv").find_uv_bin()
    run(uv, "venv", "--seed", "--python", sys.executable, tmp_path / "env")
    python = str(tmp_path / "env" / "bin" / "python")
    run(uv, "pip", "install", "--python", python, *COLAB)
    for line in colab_cell("someone/a-fork").splitlines():
        words = [
            str(course) if word.startswith(ROOT_REQUIREMENT) else word
            for word in shlex.split(line.removeprefix("%"))
        ]
        run(python, "-m", *words)
    assert "7.7.1" in run(python, "-c", "import ipywidgets; print(ipywidgets.__version__)")
    run(python, "-m", "ipykernel", "install", "--prefix", tmp_path / "env", "--name", "python3")
    for name in NOTEBOOKS:
        path = course / "notebooks" / f"{name}.ipynb"
        assert int(run(python, "-c", RUN, str(path), cwd=tmp_path)) > 0
