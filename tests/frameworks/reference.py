"""Make nnlib/datasets/frameworks.npz: `python tests/frameworks/reference.py`.

Notebook 09 runs, here, with TensorFlow, Keras and PyTorch, and what they answer is stored under the
names that the notebook gives it, beside their versions. `python start.py frameworks` installs them.
"""

import contextlib
import hashlib
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


def recorded(notebook=NOTEBOOK):
    """({name: array} of all that the frameworks answer, the notebook's names), from a run here.

    With NNLIB_FRAMEWORKS=live an ImportError where a framework is missing. (On a Python for which
    there is no TensorFlow its answers are not among them.)
    """
    answers = {
        f"version {name}": np.array(frameworks._version(name)) for name in frameworks.PACKAGES
    }

    def keep(name, got, wanted):
        answers.update({f"{name}/{key}": array for key, array in got.items()})

    compare, frameworks._compare = frameworks._compare, keep
    names = {"__name__": "notebook"}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in nbformat.read(notebook, as_version=4).cells:
                if cell.cell_type == "code":
                    exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
    finally:
        frameworks._compare = compare
    return answers, names


def main():
    matplotlib.use("agg")
    os.environ.update(NNLIB_FRAMEWORKS="live", NNLIB_PROGRESS="off", TQDM_DISABLE="1")
    answers, _ = recorded(*map(Path, sys.argv[1:]))
    np.savez_compressed(FILE, **answers)
    content = FILE.read_bytes()
    print(*(f"{name}: {value}" for name, value in answers.items() if value.ndim == 0), sep="\n")
    print(f"{len(answers)} arrays, {len(content):,} bytes; their SHA-256, for nnlib/data.py:")
    print(hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
