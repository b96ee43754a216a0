"""nnlib where nothing can be written, without a home, in a plain locale, with another backend."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbtools import run

import nnlib
from nnlib import data

PACKAGE = Path(nnlib.__file__).parent

# What a learner's kernel does, with each attempt to write refused, but for temporary files.
A_SESSION = """
import os, sys, tempfile

def refuse(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    else:
        path, writes = (arguments or [""])[0], event in ("os.mkdir", "os.rename", "os.remove")
    if writes and not os.fsdecode(path).startswith((tempfile.gettempdir(), os.devnull)):
        refused.append(os.fsdecode(path))
        raise PermissionError(30, "Read-only file system", path)

refused = []
tempfile.tempdir = os.environ["ONLY_HERE"]
sys.addaudithook(refuse)
try:
    open("x", "w")
except PermissionError:
    refused.clear()
else:
    sys.exit("nothing was refused")

from nnlib import checks, data, plots, quiz, training
from nnlib.network import Network, initialize_parameters
import numpy as np

X, y = data.digits()
assert X.shape == (1797, 64) and data.real_estate()[0].shape == (414, 6)
net = Network((2, 3, 1))
start = initialize_parameters(net, np.random.default_rng(1))
_, history = training.train_neural_network(net, start, *data.xor(), learning_rate=1, epochs=3)
plots.cost_curve(history.costs).figure.canvas.draw()
checks.check("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
checks.check("sigmoid", lambda z: z)
print(ascii(checks.progress("02")))
quiz.quiz("00")
print(*(path for path in refused if "__pycache__" not in path and "matplotlib" not in path))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has other names for homes and locales")
@pytest.mark.parametrize("locale", ["C", "en_US.ISO-8859-1"])
def test_it_works_read_only_without_a_home_and_in_a_plain_locale(locale, tmp_path):
    folder = tmp_path / os.fsdecode("Übungen".encode())  # as bytes, where no such letter is
    shutil.copytree(PACKAGE, folder / "nnlib", ignore=shutil.ignore_patterns("__pycache__"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "XDG"))}
    env |= {"HOME": str(tmp_path / "missing"), "LANG": locale, "LC_ALL": locale, "PYTHONUTF8": "0"}
    env |= {"PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(folder), "ONLY_HERE": str(temporary)}
    env |= {"MPLBACKEND": "agg", "MPLCONFIGDIR": matplotlib.get_cachedir()}  # fonts take a minute
    env |= {"NNLIB_PROGRESS": str(tmp_path / "missing" / "course-progress.json")}
    env |= {"PYTHONIOENCODING": ":backslashreplace"}
    command = [sys.executable, "-W", "error", "-X", "utf8=0", "-c", A_SESSION]
    run = subprocess.run(command, env=env, cwd=folder, capture_output=True, check=False)
    said = run.stdout.decode(errors="replace").splitlines()
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    text = " ".join(" ".join(said).split())
    assert "Right." in said[0] and "couldn't be saved" in text and "Not yet." in text
    tried = set(said[-1].split(" "))  # all that nnlib tried to write
    assert len(tried) == 1 and "course-progress.json." in tried.pop()


@pytest.mark.parametrize("backend", ["Agg", "TkAgg"])
def test_pictures_are_shown_whatever_backend_the_environment_names(backend, monkeypatch, tmp_path):
    monkeypatch.setenv("MPLBACKEND", backend)
    cell = new_code_cell("from nnlib import plots\nplots.curves([0, 1], {'a': [1, 2]}, title='A');")
    run(new_notebook(cells=[cell]), tmp_path)
    assert [next(iter(output.data)) for output in cell.outputs] == ["image/png", "text/html"]


def test_data_load_with_the_line_ends_of_windows(tmp_path, monkeypatch):
    expected = data.real_estate()
    file = tmp_path / "datasets" / "real_estate.csv"
    file.parent.mkdir()
    content = (PACKAGE / "datasets" / file.name).read_bytes()
    file.write_bytes(content.replace(b"\n", b"\r\n"))
    monkeypatch.setattr("nnlib.datasets.tables.files", lambda package: tmp_path)
    for got, wanted in zip(data.real_estate(), expected):
        assert (got == wanted).all()


def test_importing_nnlib_loads_no_other_package_than_numpy():
    code = (
        "import sys, numpy.random\n"
        "before = set(sys.modules)\n"
        "import nnlib, nnlib.training, nnlib.data, nnlib.gradcheck, nnlib.checks\n"
        "loaded = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*loaded - sys.stdlib_module_names)"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *sys.path])}
    command = [sys.executable, "-S", "-c", code]  # -S: no .pth file may load something
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["nnlib"]
