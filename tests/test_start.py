"""start.py: what it makes, what it says when it can't, and that it recovers.

start.py runs for real, in a folder with blanks and letters beyond ASCII, with a stand-in for uv
that makes a bare environment in no time. Its packages are one module each, which print how they
were called. `FAULT` tells the stand-in how to fail. test_installation.py tries the real installers.
"""

import ast
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "start.py"
TOO_OLD = ("python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10")

UV = r"""
import os, pathlib, shutil, subprocess, sys, sysconfig, time, venv
PACKAGES = {
    "pip": "import random\n",
    "jupyterlab": "import json, os, random, sys\n"
    "print('LAB', json.dumps([sys.argv[1:], sys.prefix, os.getcwd(), dict(os.environ)]))\n",
    "pytest": "import random, sys\nprint('PYTEST', sys.argv[1:])\nsys.exit(3)\n",
}
fault = os.environ.get("FAULT", "")
if sys.argv[1] == "--version":
    sys.exit("no uv here" if fault == "broken uv" else 0)
print(*sys.argv[1:], file=open(os.environ["CALLS"], "a", encoding="utf-8"))
if sys.argv[1] == "venv":
    folder = pathlib.Path(sys.argv[-1])
    venv.create(folder, symlinks=os.name != "nt")
    site = pathlib.Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    for name, code in PACKAGES.items():
        (site / f"{name}.py").write_bytes(code.encode())
        (site / f"{name}-1.0.dist-info").mkdir()
        record = f"{name}.py,,{len(code)}\n{name}-1.0.dist-info/RECORD,,\n"
        (site / f"{name}-1.0.dist-info" / "RECORD").write_text(record)
elif fault == "slow":
    time.sleep(60)
elif fault in ("damaged cache", "no jupyterlab"):
    python = sys.argv[sys.argv.index("--python") + 1]
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = pathlib.Path(subprocess.check_output([python, "-c", code], text=True).strip())
    if fault == "no jupyterlab":
        (site / "jupyterlab.py").unlink()
        shutil.rmtree(site / "jupyterlab-1.0.dist-info")
    elif "--reinstall-package=jupyterlab" in sys.argv:
        (site / "jupyterlab.py").write_bytes(PACKAGES["jupyterlab"].encode())
    else:
        (site / "jupyterlab.py").write_text("import js")
elif fault:
    sys.exit(fault)
"""


@pytest.fixture
def course(tmp_path, copy_course):
    """A copy of the course and the stand-in: `.start(*arguments, **variables)` runs start.py."""
    folder = copy_course(tmp_path / "Bücher und Häuser")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "uv.py").write_text(UV, encoding="utf-8")
    (tools / "sitecustomize.py").write_text("import os\nexec(os.environ.get('PRETEND', ''))\n")
    if os.name == "nt":
        (tools / "uv.bat").write_text(f'@"{sys.executable}" "{tools}\\uv.py" %*', encoding="utf-8")
    else:
        program = shlex.join([sys.executable, str(tools / "uv.py")])
        (tools / "uv").write_text(f'#!/bin/sh\nexec {program} "$@"\n')
        (tools / "uv").chmod(0o755)
    env = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    env |= {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(tools),  # for sitecustomize.py in start.py itself
        "CALLS": str(tmp_path / "calls.txt"),
        "PYTHONIOENCODING": "utf-8",
        "UV_FIND_LINKS": "here",  # nothing asks the page of PyTorch
    }

    def popen(*arguments, **variables):
        return subprocess.Popen(
            [sys.executable, course.folder / "start.py", *arguments],
            cwd=course.folder, env=env | variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def start(*arguments, **variables):
        process = popen(*arguments, **variables)
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.terminate()
        return SimpleNamespace(code=process.returncode, out=out, err=err)

    seen = []

    def calls():
        """How the stand-in was called since the last time."""
        log = tmp_path / "calls.txt"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        new = lines[len(seen) :]
        seen.extend(new)
        return new

    course = SimpleNamespace(folder=folder, start=start, popen=popen, calls=calls, tools=tools)
    return course


@pytest.fixture
def ready(course):
    """The course after a first start."""
    course.start()
    assert course.calls()
    return course


def lab_call(result):
    """What JupyterLab was started with: `.arguments`, `.prefix`, `.folder`, `.env`."""
    assert result.code == 0, result.err
    (line,) = (line for line in result.out.splitlines() if line.startswith("LAB "))
    keys = ("arguments", "prefix", "folder", "env")
    return SimpleNamespace(**dict(zip(keys, json.loads(line.removeprefix("LAB ")), strict=True)))


def assert_one_line(result, *words):
    """It failed, with one line on stderr that has these words, and no traceback."""
    assert result.code not in (0, None)
    lines = result.err.strip().splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("start.py: ")
    for word in words:
        assert word in lines[0]


def steps(course):
    """Which of venv and pip ran since the last time."""
    return [call.split()[0] for call in course.calls()]


def site_packages(course):
    """The folder of the environment's packages."""
    (folder,) = (course.folder / ".venv").rglob("site-packages")
    return folder


# --------------------------------------------------------------------------------- what it starts


def test_the_first_start_makes_the_environment_and_opens_notebook_00(course):
    lab = lab_call(course.start("--no-browser", "--port", "9999"))
    assert lab.arguments[-3:] == ["--no-browser", "--port", "9999"]
    assert f"--ServerApp.root_dir={course.folder}" in lab.arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in lab.arguments
    assert Path(lab.prefix) == course.folder / ".venv"
    assert Path(lab.folder) == course.folder
    made, installed = course.calls()
    assert made.startswith("venv ") and "jupyterlab >=" in installed
    assert "-e" not in installed.split()
    lab_call(course.start())
    assert course.calls() == []  # a second start installs nothing


def test_a_notebook_that_is_named_is_opened(ready):
    name = ready.folder / "notebooks" / "Übung 1.ipynb"
    name.write_text("{}")
    url = "--LabApp.default_url=/lab/tree/notebooks/%C3%9Cbung%201.ipynb"
    assert url in lab_call(ready.start(str(name))).arguments
    assert_one_line(ready.start("no_such.ipynb"), "no notebook no_such.ipynb")
    assert_one_line(ready.start("tset"), "no command tset", "--help")


def test_test_installs_its_packages_once_and_hands_on_the_status(course):
    result = course.start("test", "-k", "something")
    assert result.code == 3 and "PYTEST ['-k', 'something']" in result.out
    assert "hypothesis >=" in course.calls()[-1]
    course.start("test")
    lab_call(course.start())  # everything that JupyterLab needs is there too
    assert course.calls() == []


def test_help_lists_every_command_and_makes_nothing(course):
    result = course.start("--help")
    assert result.code == 0
    for words in ("  test ", "  refresh ", "  frameworks ", "--no-browser --port 9999", ".venv"):
        assert words in result.out
    assert not (course.folder / ".venv").exists()


def test_what_the_learner_keeps_beside_start_py_hides_nothing(course):
    """Modules that are called like those of Python's library or like packages of the course."""
    for name in ("random", "calendar", "email", "subprocess", "nnlib", "pip", "installation"):
        (course.folder / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    lab_call(course.start())
    assert course.start("test").code == 3
    assert course.start("frameworks").code == 0
    assert lab_call(course.start(PYTHONPATH=f"{course.folder}{os.pathsep}{course.tools}"))


def test_the_users_own_settings_stay_outside(course):
    own = {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "1", "PYTHONOPTIMIZE": "1"}
    own |= {"IPYTHONDIR": "/own", "JUPYTER_CONFIG_DIR": "/own", "JUPYTER_CONFIG_PATH": "/own"}
    env = lab_call(course.start(**own)).env
    assert not {"MPLBACKEND", "PYTHONHASHSEED", "PYTHONOPTIMIZE", "PYTHONPATH"} & set(env)
    venv = str(course.folder / ".venv")
    assert env["IPYTHONDIR"].startswith(venv) and env["JUPYTER_CONFIG_DIR"].startswith(venv)
    first, *_ = env["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert Path(first) == course.folder / "binder" / "jupyter"
    assert env["JUPYTERLAB_SETTINGS_DIR"] == os.path.join("/own", "lab", "user-settings")


# ----------------------------------------------------------------------------------------- extras


def test_frameworks_says_the_size_and_hands_its_arguments_to_the_installer(ready):
    result = ready.start("frameworks")
    assert result.code == 0 and "550 MB" in result.out
    assert "keras >=" in ready.calls()[-1]
    ready.start("frameworks")
    lab_call(ready.start())
    assert ready.calls() == []  # once is enough …
    ready.start("frameworks", "torch==2.13.0")
    assert ready.calls()[-1].endswith(" torch==2.13.0")  # … but for an argument


@pytest.mark.parametrize("words", [("test", "frameworks"), ("frameworks", "test")])
def test_an_extra_joins_those_that_are_there(course, words):
    for word in words:
        course.start(word)
    assert "keras >=" in (last := course.calls()[-1]) and "hypothesis >=" in last
    with open(course.folder / "requirements.txt", "a") as file:
        file.write("# changed\n")
    lab_call(course.start())
    (call,) = course.calls()
    assert "keras >=" in call and "hypothesis >=" in call
    for word in words:
        course.start(word)
    assert course.calls() == []


@pytest.mark.parametrize("fault", ["dns error", "No matching distribution found for tensorflow"])
def test_frameworks_that_cannot_be_had_leave_the_course_as_it_was(course, fault):
    course.start("test")
    result = course.start("frameworks", FAULT=fault)
    assert_one_line(result, "no network" if "dns" in fault else "isn't available")
    course.calls()
    lab_call(course.start())
    course.start("test")
    assert course.calls() == []


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is one PyTorch")
def test_linux_gets_pytorch_without_graphics_cards(course, reachable):
    pretend = "import io, urllib.request as r\ndef urlopen(url, timeout):\n"
    pretend += "  return io.BytesIO()\n" if reachable else "  raise OSError\n"
    pretend += "r.urlopen = urlopen"
    course.start("frameworks", UV_FIND_LINKS="", PIP_FIND_LINKS="", PRETEND=pretend)
    links = "--find-links https://download.pytorch.org/whl/cpu/torch/"
    assert (links in course.calls()[-1]) == reachable


# --------------------------------------------------------------------------------------- recovery


def test_what_the_environment_is_made_of_is_watched(ready):
    for name in ("requirements.txt", "pyproject.toml"):
        with open(ready.folder / name, "a") as file:
            file.write("# changed\n")
        lab_call(ready.start())
        assert steps(ready) == ["pip"]


def test_another_python_or_another_folder_makes_it_again(ready):
    state = ready.folder / ".venv" / "course.json"
    state.write_text(state.read_text("utf-8").replace("Python 3.", "Python 2."), "utf-8")
    lab_call(ready.start())
    assert steps(ready) == ["venv", "pip"]
    ready.folder = ready.folder.rename(ready.folder.with_name("moved"))
    lab_call(ready.start())
    assert steps(ready) == ["venv", "pip"]


def damage(course, how):
    """Damage the environment in one way."""
    venv, site = course.folder / ".venv", site_packages(course)
    if how == "python is gone":
        shutil.rmtree(venv / ("Scripts" if os.name == "nt" else "bin"))
    elif how == "packages are gone":
        shutil.rmtree(site)
    elif how == "JupyterLab is uninstalled":
        (site / "jupyterlab.py").unlink()
        shutil.rmtree(site / "jupyterlab-1.0.dist-info")
    elif how == "a file is lost":
        (site / "jupyterlab.py").unlink()
    elif how == "a file is cut short":
        (site / "jupyterlab.py").write_text("import js")
    elif how == "the state is no JSON":
        (venv / "course.json").write_text("Python 3.11")
    else:
        shutil.rmtree(venv)
        venv.mkdir() if how == "an empty folder" else venv.write_text("")


DAMAGES = ["python is gone", "packages are gone", "JupyterLab is uninstalled", "a file is lost"]
DAMAGES += ["a file is cut short", "the state is no JSON", "an empty folder", "a file"]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_environment_is_made_again(ready, how):
    damage(ready, how)
    lab_call(ready.start())
    assert steps(ready) == ["venv", "pip"]


def test_a_file_that_is_damaged_in_the_cache_of_uv_too_is_fetched_again(course):
    lab_call(course.start(FAULT="damaged cache"))
    assert steps(course) == ["venv", "pip", "pip"]
    lab_call(course.start())
    assert course.calls() == []


def test_an_environment_that_does_not_work_after_the_set_up_is_said(course):
    assert_one_line(course.start(FAULT="no jupyterlab"), "JupyterLab", "Delete the folder .venv")
    lab_call(course.start())  # and the next start makes it again
    assert steps(course) == ["venv", "pip", "venv", "pip"]


@pytest.mark.parametrize("how", ["missing", "unread"])
def test_a_lost_path_to_nnlib_is_repaired(ready, how):
    """macOS hides some files, and Python then leaves a .pth file unread."""
    (file,) = site_packages(ready).glob("*.pth")
    assert file.read_bytes().isascii() and not os.path.isabs(file.read_text().strip())
    file.unlink() if how == "missing" else file.write_text("")
    lab_call(ready.start())
    assert ready.calls() == []
    python = ready.folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-c", "import nnlib"], cwd=ready.tools, check=True)


@pytest.fixture
def ctrl_c():
    """What a shell runs in the background ignores Ctrl-C, and so would what is started here."""
    if os.name == "nt":
        pytest.skip("Windows cannot send Ctrl-C to one process")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(course, *arguments, by=signal.SIGINT):
    """The result of start.py when a signal comes while packages are being installed."""
    course.calls()
    with course.popen(*arguments, FAULT="slow") as process:
        while "pip" not in steps(course):
            time.sleep(0.02)
        time.sleep(0.2)
        process.send_signal(by)
        try:
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    return SimpleNamespace(code=process.returncode, out=out, err=err)


@pytest.mark.parametrize("by", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_an_interrupted_set_up_is_completed_by_the_next(course, ctrl_c, by):
    result = interrupted(course, by=getattr(signal, by))
    if by != "SIGKILL":
        assert_one_line(result, "interrupted", "Start again")
    lab_call(course.start())
    assert steps(course) == ["venv", "pip"]


def test_interrupted_frameworks_leave_what_was_there(course, ctrl_c):
    course.start("test")
    assert_one_line(interrupted(course, "frameworks"), "interrupted")
    lab_call(course.start())
    (call,) = course.calls()
    assert "hypothesis >=" in call and "keras >=" not in call
    course.start("test")
    assert course.calls() == []


def test_an_interruption_at_the_very_start_is_one_line_too(course, ctrl_c):
    code = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(1)\n"
    (course.tools / "hashlib.py").write_text(code)  # comes while start.py imports modules
    assert_one_line(course.start(), "interrupted")


# ------------------------------------------------------------------------------------- complaints


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", ["disk is full", "Free"]),
        ("failed to copy: No space left on device (os error 28)", ["disk is full"]),
        ("WARNING: Retrying (Retry(total=4)) after connection broken", ["no network"]),
        ("cause: error sending request for url (https://pypi.org/simple/)", ["no network"]),
        ("invalid peer certificate: UnknownIssuer", ["certificate"]),
        ("[Errno 13] Permission denied: '/x'", ["can't be written", "Move"]),
        ("ERROR: Failed building wheel for x", ["isn't available for Python"]),
    ],
)
def test_installers_complaints_become_one_line(course, output, words):
    assert_one_line(course.start(FAULT=output), *words, "then start again")
    lab_call(course.start())  # and the next start completes it


def test_a_python_is_never_advised_that_is_running(course):
    result = course.start(FAULT="No solution found")
    advised = result.err.partition("Get Python ")[2].split()[0]
    assert advised != "{}.{}".format(*sys.version_info)
    pretend = "import sys; sys.version_info = (3, 13, 0, 'final', 0)"
    assert "Get Python 3.13" not in course.start(FAULT="No solution found", PRETEND=pretend).err


def test_an_unknown_complaint_is_shown(course):
    result = course.start(FAULT="something nobody thought of")
    assert result.code == 1
    first, last = result.err.strip().splitlines()
    assert first == "something nobody thought of"
    assert last.startswith("start.py: Installing packages failed")


@pytest.mark.parametrize(("word", "megabytes"), [("", 500), ("test", 1200), ("frameworks", 3500)])
def test_a_full_disk_is_noticed_before_anything_is_made(course, word, megabytes):
    pretend = "import shutil, types\nshutil.disk_usage = lambda _: types.SimpleNamespace(free={}e6)"
    result = course.start(*word.split(), PRETEND=pretend.format(megabytes - 1))
    assert_one_line(result, "disk is full", f"{megabytes} MB", f"{megabytes - 1} MB")
    assert course.calls() == [] and not (course.folder / ".venv").exists()
    course.start(*word.split(), PRETEND=pretend.format(megabytes + 1))
    assert steps(course) == ["venv", "pip"]


def test_without_uv_a_missing_venv_module_is_named(course):
    pretend = "import importlib.util as u\nfind = u.find_spec\n"
    pretend += "u.find_spec = lambda name: find(name) if name != 'ensurepip' else None"
    result = course.start(FAULT="broken uv", PRETEND=pretend)
    assert_one_line(result, "no venv module", "sudo apt install python3-venv")


@pytest.mark.skipif(os.name == "nt", reason="Windows tells programs by their names")
def test_a_uv_for_another_kind_of_computer_is_not_used(course):
    (course.tools / "uv").write_bytes(b"\x7fELF of another machine")
    pretend = "import importlib.util as u\nu.find_spec = lambda name: None"
    assert_one_line(course.start(PRETEND=pretend), "no venv module")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_is_not_writable(course):
    course.folder.chmod(0o555)
    try:
        assert_one_line(course.start(), "can't be written")
    finally:
        course.folder.chmod(0o755)


def test_any_locale_will_do_and_another_one_changes_nothing(course):
    for locale in ("C", "POSIX", "de_DE.ISO-8859-1", "C.UTF-8"):
        lab_call(course.start(LC_ALL=locale, LANG=locale, PYTHONIOENCODING="", PYTHONUTF8=""))
    assert steps(course) == ["venv", "pip"]


def test_a_python_that_is_too_old_is_told_so():
    source = SCRIPT.read_text(encoding="utf-8")
    source.encode("ascii")  # Python 2 accepts no other letters
    ast.parse(source, feature_version=(3, 4))
    pretend = "import sys; sys.version_info = (3, 8); exec(open(sys.argv[1]).read())"
    result = subprocess.run([sys.executable, "-c", pretend, SCRIPT], capture_output=True, text=True)
    assert_one_line(
        SimpleNamespace(code=result.returncode, err=result.stderr), "Python 3.8", "3.11"
    )


@pytest.mark.parametrize("python", TOO_OLD)
def test_a_python_that_is_too_old_is_told_so_for_real(python):
    path = shutil.which(python)
    if path is None or subprocess.run([path, "--version"], capture_output=True).returncode != 0:
        pytest.skip(f"there is no {python}")
    result = subprocess.run([path, SCRIPT], capture_output=True, text=True)
    words = (f"Python {python.removeprefix('python')}", "3.11 or newer", "https://www.python.org")
    assert_one_line(SimpleNamespace(code=result.returncode, err=result.stderr), *words)
