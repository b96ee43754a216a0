"""Write nnlib/datasets/frameworks.npz: `python tests/frameworks/reference.py`.

This runs notebook 09 with TensorFlow, Keras and PyTorch and stores what they return, under the
names that the notebook gives it, and their versions. `python3 start.py frameworks` installs them.
"""

import contextlib
import io
import os
import sys
from pathlib import Path

import matplotlib
import nbformat
import numpy as np

from nnlib import frameworks

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "09_frameworks.ipynb"
FILE = ROOT / "nnlib" / "datasets" / "frameworks.npz"


@contextlib.contextmanager
def recording():
    """Give a dictionary that collects {name: array} of every live result inside a `with`."""
    answers, run, train = {}, frameworks.run_or_load, frameworks.train_or_load

    def keep(name, dtype, arrays):
        if frameworks.is_live(name.partition(" ")[0], dtype):
            answers.update({f"{name}/{key}": array for key, array in arrays.items()})

    def run_and_keep(name, *arguments):
        arrays = run(name, *arguments)
        keep(name, "float32", dict(enumerate(arrays)))
        return arrays

    def train_and_keep(name, build, training, start, X, *arguments):
        result = train(name, build, training, start, X, *arguments)
        keep(name, str(X.dtype), result.to_arrays())
        return result

    frameworks.run_or_load, frameworks.train_or_load = run_and_keep, train_and_keep
    try:
        yield answers
    finally:
        frameworks.run_or_load, frameworks.train_or_load = run, train


def recorded(notebook=NOTEBOOK):
    """Return {name: array} of all that the frameworks return here, and the notebook's namespace.

    With NNLIB_FRAMEWORKS=live, ImportError if a framework is missing. (On a Python that has no
    TensorFlow, its answers aren't among them.)
    """
    versions = {
        f"version {name}": np.array(frameworks.installed_version(name))
        for name in frameworks.PACKAGES
    }
    names = {"__name__": "notebook"}
    with recording() as answers, contextlib.redirect_stdout(io.StringIO()):
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
    return versions | answers, names


def main():
    """Write the file, from the notebook or from the one that is named."""
    matplotlib.use("agg")
    os.environ.update(NNLIB_FRAMEWORKS="live", NNLIB_PROGRESS="off", TQDM_DISABLE="1")
    answers, _ = recorded(*map(Path, sys.argv[1:]))
    np.savez_compressed(FILE, **answers)
    print(*(f"{name}: {value}" for name, value in answers.items() if value.ndim == 0), sep="\n")
    print(f"{len(answers)} arrays, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
