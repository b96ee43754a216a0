"""The real set-up, with uv and with pip, in folders and locales that break things.

A set-up with uv takes seconds where its cache has the packages. Without a network all is skipped.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

FOLDERS = ["Bücher ü", "with blanks", "ends in a blank ", "100%", "a#b", "'single' \"double\""]
EVERYTHING = "Bücher ü 100% #1 'a' \"b\" " + "long " * 34 + "ends in a blank "
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

# The learner's files that are called like modules, in the course's folder and beside the notebooks.
IN_THE_WAY = ("random", "calendar", "email", "venv", "numpy", "nnlib", "matplotlib")
NOTEBOOK = """
import random, calendar, email
import numpy, helper
from nnlib import data, plots
plots.scatter(*data.xor())
print(helper.word, len(data.real_estate()[0]))
"""

# Settings of Jupyter, the user's own and the computer's: .venv has no such kernel and package.
OTHER_KERNEL = {"MultiKernelManager": {"default_kernel_name": "ir"}}
OTHER_FILES = {"ServerApp": {"contents_manager_class": "jupytext.TextFileContentsManager"}}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows allows none of these names")


class Course:
    """A copy of the course that start.py sets up for real."""

    def __init__(self, folder, python=sys.executable, installer="uv", **variables):
        self.folder, self.python = folder, python
        keep = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
        self.env = keep | variables
        if installer == "pip":  # nothing on the PATH is called uv
            tools = folder.parent / "tools"
            tools.mkdir()
            (tools / "uv").write_text("#!/bin/sh\nexit 1\n")
            (tools / "uv").chmod(0o755)
        else:
            tools = Path(pytest.importorskip("uv").find_uv_bin()).parent
        self.env["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
        settings = {"CONFIG_DIR": OTHER_KERNEL | OTHER_FILES, "CONFIG_PATH": OTHER_KERNEL}
        for name, content in settings.items():
            own = folder.parent / name
            own.mkdir()
            (own / "jupyter_server_config.json").write_text(json.dumps(content))
            self.env[f"JUPYTER_{name}"] = str(own)

    def start(self, *arguments, **variables):
        """Run start.py from another folder; skip the test if there is no network."""
        command = [self.python, self.folder / "start.py", *arguments]
        options = {"env": self.env | variables, "cwd": self.folder.parent, "capture_output": True}
        result = subprocess.run(command, **options, encoding="utf-8", errors="replace")
        if "no network" in result.stderr:
            pytest.skip("no network, so nothing can be installed")
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def run_notebook(self):
        """The outputs of NOTEBOOK, which `start.py refresh` runs and stores."""
        path = self.folder / "notebooks" / "99_try.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(NOTEBOOK)]), path)
        self.start("refresh", path, MPLBACKEND="Agg")
        return nbformat.read(path, as_version=4).cells[0].outputs

    @contextlib.contextmanager
    def lab(self):
        """JupyterLab as start.py starts it: the address that it prints, with its token."""
        log = self.folder.parent / "lab.txt"
        command = [self.python, self.folder / "start.py", "--no-browser", f"--port={free_port()}"]
        with open(log, "wb") as out:
            process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out)
        try:
            until = time.monotonic() + 90
            while not (found := re.search(rb"http://localhost\S+token=\w+", log.read_bytes())):
                assert time.monotonic() < until and process.poll() is None, log.read_text("utf-8")
                time.sleep(0.1)
            yield found[0].decode()
        finally:
            process.terminate()
            process.wait()


def find_python(version):
    """The path of a Python of this version that runs, on the PATH or in pyenv, or None."""
    pyenv = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    for python in filter(None, [shutil.which(f"python{version}"), *map(str, pyenv)]):
        if subprocess.run([python, "-c", "import ssl, venv"], capture_output=True).returncode == 0:
            return python
    return None


def free_port():
    """A port that nothing uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def get_json(url):
    """What a server answers, read as JSON. JupyterLab prints its address before it listens."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.URLError:
            assert time.monotonic() < until, "JupyterLab does not answer"
            time.sleep(0.2)


def make_course(copy_course, tmp_path, name, **options):
    """A Course in a folder of that name, with the learner's files in the way."""
    course = Course(copy_course(tmp_path / name), **options)
    for folder in (course.folder, course.folder / "notebooks"):
        for module in IN_THE_WAY:
            (folder / f"{module}.py").write_text("raise SystemExit('the wrong module')")
    (course.folder / "notebooks" / "helper.py").write_text("word = 'helps'")
    return course


def assert_it_works(course):
    """Set-up, a notebook with a picture, JupyterLab, and nnlib from another folder."""
    assert "pytest" in course.start("test", "--version")
    printed, picture, *_ = course.run_notebook()
    assert printed.text == "helps 414\n" and "image/png" in picture.data
    with course.lab() as url:
        assert "/lab/tree/notebooks/00_start_here.ipynb?" in url
        assert get_json(url.replace("/lab/tree/", "/api/contents/"))["type"] == "notebook"
        page = "/lab/tree/notebooks/00_start_here.ipynb"
        assert get_json(url.replace(page, "/api/kernelspecs"))["default"] == "python3"
    python = course.folder / ".venv" / "bin" / "python"
    for variables in (ASCII, {"PYTHONUTF8": "1"}):
        command = [python, "-c", "import nnlib"]  # not NumPy: compiled modules need UTF-8 here
        subprocess.run(command, cwd=course.folder.parent, env=course.env | variables, check=True)


def test_the_worst_folder_in_a_plain_locale(copy_course, tmp_path):
    assert_it_works(make_course(copy_course, tmp_path, EVERYTHING, **ASCII))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_each_folder(copy_course, tmp_path, folder):
    assert_it_works(make_course(copy_course, tmp_path, folder, LC_ALL="C"))


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["C.UTF-8", "de_DE.ISO-8859-1"])
def test_each_locale(copy_course, tmp_path, locale):
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower()
    if locale.lower().replace("-", "") not in known.replace("-", ""):
        pytest.skip(f"there is no locale {locale}")
    assert_it_works(make_course(copy_course, tmp_path, "Bücher ü", LC_ALL=locale))


@pytest.mark.slow
@pytest.mark.parametrize("installer", ["uv", "pip"])
@pytest.mark.parametrize("version", PYTHONS)
def test_each_python_with_each_installer(copy_course, tmp_path, version, installer):
    python = find_python(version)
    if python is None:
        pytest.skip(f"there is no Python {version}")
    options = {"python": python, "installer": installer}
    assert_it_works(make_course(copy_course, tmp_path, "Bücher ü", **options, **ASCII))


@pytest.mark.parametrize("installer", ["uv", pytest.param("pip", marks=pytest.mark.slow)])
@pytest.mark.parametrize("fault", ["no network", "offline"])
def test_without_packages_it_stops_with_one_line(copy_course, tmp_path, installer, fault):
    """The real installers with nothing cached, behind a proxy that isn't there or set offline."""
    env = {"UV_CACHE_DIR": f"{tmp_path}/cache", "PIP_CACHE_DIR": f"{tmp_path}/cache"}
    env |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    env |= {"NO_PROXY": "", "PIP_RETRIES": "1", "UV_HTTP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "https://pypi.org/simple"}
    env |= {"PIP_EXTRA_INDEX_URL": "", "UV_FIND_LINKS": "", "UV_NO_CONFIG": "1"}
    if fault == "offline":
        env |= {"UV_OFFLINE": "1", "PIP_NO_INDEX": "1"}
    course = make_course(copy_course, tmp_path, "Bücher ü", installer=installer, **env)
    command = [course.python, course.folder / "start.py"]
    result = subprocess.run(command, env=course.env, capture_output=True, text=True)
    (line,) = result.stderr.splitlines()
    words = ("no network", "Check the connection") if fault == "no network" else ("setting",)
    assert result.returncode == 1 and all(word in line for word in words), line
    assert "3.13" not in line and "3.12" not in line


@pytest.mark.slow
def test_a_set_up_takes_no_more_space_than_it_asks_for(copy_course, load_start, tmp_path):
    course = Course(copy_course(tmp_path / "course"))
    asked, megabytes = 0, load_start(course.folder).MEGABYTES
    for part in ("course", "test", "slides", "site"):
        course.start(*([] if part == "course" else [part]), "--help")
        asked += megabytes[part]
        files = (course.folder / ".venv").rglob("*")
        assert sum(file.lstat().st_blocks * 512 for file in files) < asked * 1e6, part


def test_a_clone_on_windows_gets_the_same_bytes(copy_course, tmp_path):
    """Git for Windows is set to write CRLF, unless .gitattributes says otherwise."""
    course, clone = copy_course(tmp_path / "course"), tmp_path / "clone"
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", course]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "All files"]):
        subprocess.run([*git, *command], check=True)
    subprocess.run(["git", "clone", "-q", "-c", "core.autocrlf=true", course, clone], check=True)
    files = [path for path in course.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert len(files) > 100
    for path in files:
        assert (clone / path.relative_to(course)).read_bytes() == path.read_bytes(), path
    program = "from nnlib import data; print(len(data.real_estate()[0]), len(data.digits()[0]))"
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, capture_output=True, text=True
    )
    assert said.stdout == "414 1797\n", said.stderr


def test_requirements_txt_installs_nothing_that_lies_in_another_folder(copy_course, tmp_path):
    """pip takes `-e` from the folder where it runs: there it must not find another project."""
    course = copy_course(tmp_path / "course")
    (tmp_path / "pyproject.toml").write_text((course / "pyproject.toml").read_text("utf-8"))
    shutil.copytree(course / "nnlib", tmp_path / "somebody" / "nnlib")
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--no-deps"]
    run = subprocess.run(
        [*pip, "-r", course / "requirements.txt"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode != 0 and "nnlib" in run.stderr


@pytest.mark.slow
def test_pip_switches_on_that_jupyterlab_saves_the_last_pictures_of_widgets(
    copy_course, load_start, tmp_path
):
    """Without it, JupyterLab writes “model not found” where a notebook is opened again."""
    course, uv = copy_course(tmp_path / "course"), pytest.importorskip("uv").find_uv_bin()
    where = ["--python", sys.executable, "--prefix", tmp_path / "env"]
    pip = [uv, "pip", "install", *where, "--no-deps", "--editable", course]
    result = subprocess.run(pip, capture_output=True, text=True)
    if "no network" in (load_start(course).cause_of(result.stderr) or ""):
        pytest.skip("no network, so nnlib cannot be installed")
    assert result.returncode == 0, result.stderr
    env = os.environ | {"JUPYTER_CONFIG_PATH": str(tmp_path / "env" / "etc" / "jupyter")}
    program = "from jupyterlab_server.settings_utils import _get_overrides as f; print(f('x'))"
    said = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert "'saveState': True" in said.stdout, said.stderr
