"""start.py: what it makes, what it says when it cannot, and that it recovers.

Most tests run start.py for real, in a folder with spaces and letters beyond ASCII, with a stand-in
for uv that makes a bare environment in no time: its pip and its JupyterLab are a few lines that
write down how they were called. `FAULT` tells the stand-in how to go wrong.
"""

import ast
import io
import json
import os
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
import os, pathlib, sys, sysconfig, time, venv
fault = os.environ.get("FAULT", "")
if sys.argv[1] == "--version":
    sys.exit("no uv here" if fault == "broken uv" else 0)
print(*sys.argv[1:], file=open(os.environ["CALLS"], "a", encoding="utf-8"))
if sys.argv[1] == "venv":
    folder = pathlib.Path(sys.argv[-1])
    venv.create(folder, symlinks=os.name != "nt")
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder)})
    (pathlib.Path(site) / "pip.py").write_text("")
    (pathlib.Path(site) / "jupyterlab.py").write_text(
        "import json, os, sys\nprint('LAB', json.dumps([sys.argv[1:], sys.prefix, os.getcwd()]))"
    )
    (pathlib.Path(site) / "pytest.py").write_text(
        "import sys\nprint('PYTEST', sys.argv[1:])\nsys.exit(3)"
    )
elif fault == "slow":
    time.sleep(60)
elif fault:
    sys.exit(fault)
"""


@pytest.fixture
def course(tmp_path, copy_course, load_start):
    """A copy of the course and the stand-in: `.start(*arguments, **variables)` runs start.py."""
    folder = copy_course(tmp_path / "Bücher und Häuser")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "uv.py").write_text(UV, encoding="utf-8")
    if os.name == "nt":
        (tools / "uv.bat").write_text(f'@"{sys.executable}" "{tools}\\uv.py" %*', encoding="utf-8")
    else:
        (tools / "uv").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tools}/uv.py" "$@"\n')
        (tools / "uv").chmod(0o755)
    env = os.environ | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls.txt"),
        "PYTHONIOENCODING": "utf-8",
    }

    def popen(*arguments, **variables):
        return subprocess.Popen(
            [sys.executable, folder / "start.py", *arguments],
            cwd=tmp_path, env=env | variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def start(*arguments, **variables):
        process = popen(*arguments, **variables)
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.terminate()
        return SimpleNamespace(code=process.returncode, out=out, err=err)

    def calls():
        """How the stand-in was called since the last time."""
        log = tmp_path / "calls.txt"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    module = load_start(folder)
    return SimpleNamespace(
        folder=folder, start=start, popen=popen, calls=calls, env=env, module=module
    )


def lab_call(result):
    """(arguments, sys.prefix, working folder) of the JupyterLab that was started."""
    assert result.code == 0, result.err
    (line,) = (line for line in result.out.splitlines() if line.startswith("LAB "))
    return json.loads(line.removeprefix("LAB "))


def assert_one_line(result, *words):
    """It failed, with one line on stderr that has these words, and no traceback."""
    assert result.code not in (0, None)
    lines = result.err.strip().splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("start.py: ")
    for word in words:
        assert word in lines[0]


def test_the_first_start_makes_the_environment_and_opens_notebook_00(course):
    arguments, prefix, folder = lab_call(course.start("--no-browser", "--port", "9999"))
    assert arguments[-3:] == ["--no-browser", "--port", "9999"]
    assert f"--ServerApp.root_dir={course.folder}" in arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in arguments
    assert Path(prefix) == course.folder / ".venv"
    assert Path(folder) == course.folder
    made, installed = course.calls()
    assert made.startswith("venv ") and "--requirement requirements.txt" in installed


def test_a_second_start_installs_nothing_and_is_quick(course):
    course.start()
    course.calls()
    started = time.monotonic()
    result = course.start()
    lab_call(result)
    assert time.monotonic() - started < 3
    assert course.calls() == []


def test_a_notebook_that_is_named_is_opened(course):
    name = course.folder / "notebooks" / "Übung 1.ipynb"
    name.write_text("{}")
    arguments, _, _ = lab_call(course.start(str(name)))
    assert "--LabApp.default_url=/lab/tree/notebooks/%C3%9Cbung%201.ipynb" in arguments
    assert_one_line(course.start("no_such.ipynb"), "no notebook no_such.ipynb")


def test_test_installs_the_extra_once_and_hands_on_the_status(course):
    result = course.start("test", "-k", "something")
    assert result.code == 3 and "PYTEST ['-k', 'something']" in result.out
    assert "--editable .[test]" in course.calls()[-1]
    course.start("test")
    lab_call(course.start())  # everything that JupyterLab needs is there too
    assert course.calls() == []


def test_frameworks_says_the_size_and_installs_them_once(course):
    course.start()
    course.calls()
    result = course.start("frameworks", UV_FIND_LINKS="here")
    assert result.code == 0, result.err
    said = result.out.splitlines()
    assert "550 MB" in said[1]
    assert any("Installing packages" in line for line in said[2:])
    (installed,) = course.calls()
    assert "--editable .[frameworks]" in installed and "--find-links" not in installed
    assert course.start("frameworks", UV_FIND_LINKS="here").code == 0
    lab_call(course.start())
    assert course.calls() == []


def test_frameworks_hands_its_arguments_to_the_installer(course):
    for _ in range(2):  # the second time, too, although all is there
        course.start("frameworks", "torch==2.13.0", UV_FIND_LINKS="here")
        assert course.calls()[-1].endswith("--editable .[frameworks] torch==2.13.0")


@pytest.mark.parametrize("words", [("test", "frameworks"), ("frameworks", "test")])
def test_an_extra_joins_those_that_are_there(course, words):
    for word in words:
        course.start(word, UV_FIND_LINKS="here")
    assert "--editable .[frameworks,test]" in course.calls()[-1]
    with open(course.folder / "requirements.txt", "a") as file:
        file.write("# changed\n")
    lab_call(course.start())
    assert "--editable .[frameworks,test]" in course.calls()[-1]
    for word in words:
        course.start(word, UV_FIND_LINKS="here")
    assert course.calls() == []


@pytest.mark.parametrize("fault", ["dns error", "No matching distribution found for tensorflow"])
def test_frameworks_that_cannot_be_had_leave_the_course_as_it_was(course, fault):
    course.start("test")
    course.calls()
    result = course.start("frameworks", UV_FIND_LINKS="here", FAULT=fault)
    assert_one_line(result, "no network" if "dns" in fault else "not available")
    course.calls()
    lab_call(course.start())
    course.start("test")
    assert course.calls() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
def test_interrupted_frameworks_leave_what_was_there(course, ctrl_c):
    course.start("test")
    course.calls()
    with course.popen("frameworks", UV_FIND_LINKS="here", FAULT="slow") as process:
        while not course.calls():
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
    lab_call(course.start())
    (call,) = course.calls()
    assert call.startswith("pip install") and "[test]" in call
    course.start("test")
    assert course.calls() == []


@pytest.mark.parametrize("reachable", [True, False])
def test_linux_gets_pytorch_without_graphics_cards(course, monkeypatch, capsys, reachable):
    def urlopen(url, timeout):
        if not reachable:
            raise OSError
        return io.BytesIO()

    seen = []
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(course.module.sys, "platform", "linux")
    monkeypatch.setattr(course.module.urllib.request, "urlopen", urlopen)
    monkeypatch.setattr(course.module, "set_up", lambda extras, more: seen.append(more))
    course.module.add_frameworks([])
    links = ["--find-links", "https://download.pytorch.org/whl/cpu/torch/"]
    assert seen == [links if reachable else []]
    assert ("550 MB, or 3 GB if" in capsys.readouterr().out) != reachable


def test_a_disk_too_small_for_frameworks_is_noticed(course, monkeypatch):
    monkeypatch.setattr(course.module.shutil, "disk_usage", lambda _: SimpleNamespace(free=2e9))
    monkeypatch.setenv("UV_FIND_LINKS", "here")
    with pytest.raises(SystemExit, match=r"disk is full: .* 3000 MB and 2000 MB are free"):
        course.module.add_frameworks([])


def test_what_the_environment_is_made_of_is_watched(course):
    course.start()
    course.calls()
    with open(course.folder / "requirements.txt", "a") as file:
        file.write("# changed\n")
    lab_call(course.start())
    assert [call.split()[0] for call in course.calls()] == ["pip"]


def test_another_python_or_another_folder_makes_it_anew(course):
    course.start()
    course.calls()
    stamp = course.folder / ".venv" / "course-stamp.txt"
    stamp.write_text(stamp.read_text("utf-8").replace("Python 3.", "Python 2."), "utf-8")
    lab_call(course.start())
    assert [call.split()[0] for call in course.calls()] == ["venv", "pip"]
    moved = course.folder.rename(course.folder.with_name("moved"))
    result = subprocess.run([sys.executable, moved / "start.py"], env=course.env)
    assert result.returncode == 0
    assert [call.split()[0] for call in course.calls()] == ["venv", "pip"]


@pytest.mark.parametrize("damage", ["python is gone", "an empty folder", "a file", "packages gone"])
def test_a_broken_environment_is_made_anew(course, damage):
    course.start()
    course.calls()
    venv = course.folder / ".venv"
    if damage == "python is gone":
        course.module.venv_python().unlink()
    elif damage == "packages gone":
        shutil.rmtree(venv / "lib", ignore_errors=True)
        shutil.rmtree(venv / "Lib", ignore_errors=True)
    else:
        shutil.rmtree(venv)
        venv.mkdir() if damage == "an empty folder" else venv.write_text("")
    lab_call(course.start())
    assert [call.split()[0] for call in course.calls()] == ["venv", "pip"]


@pytest.fixture
def ctrl_c():
    """What a shell runs in the background ignores Ctrl-C, and so would what is started here."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_set_up_is_made_good(course, by, ctrl_c):
    with course.popen(FAULT="slow") as process:
        while not (course.folder / ".venv" / "course-stamp.txt").exists():
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(by)
        try:
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    if by != signal.SIGKILL:
        result = SimpleNamespace(code=process.returncode, out=out, err=err)
        assert_one_line(result, "interrupted", "Start again")
    course.calls()
    lab_call(course.start())
    assert [call.split()[0] for call in course.calls()] == ["venv", "pip"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("OSError: [Errno 28] No space left on device", ["disk is full", "Free"]),
        ("failed to copy: No space left on device (os error 28)", ["disk is full"]),
        ("WARNING: Retrying (Retry(total=4)) after connection broken", ["no network"]),
        ("cause: error sending request for url (https://pypi.org/simple/)", ["no network"]),
        ("invalid peer certificate: UnknownIssuer", ["certificate"]),
        ("[Errno 13] Permission denied: '/x'", ["cannot be written", "Move"]),
        ("ERROR: Failed building wheel for x", ["not available for this Python", "3.13"]),
    ],
)
def test_the_installers_complaints_become_one_line(course, said, words):
    assert_one_line(course.start(FAULT=said), *words)
    lab_call(course.start())  # and the next start mends it


def test_an_unknown_complaint_is_shown(course):
    result = course.start(FAULT="something nobody thought of")
    assert result.code == 1
    first, last = result.err.strip().splitlines()
    assert first == "something nobody thought of"
    assert last.startswith("start.py: Installing packages failed")


def test_a_full_disk_is_noticed_before_anything_is_made(course, monkeypatch):
    monkeypatch.setattr(course.module.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e6))
    with pytest.raises(SystemExit, match=r"disk is full: .* 500 MB and 1 MB are free"):
        course.module.make_venv("uv")
    assert not (course.folder / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows tells programs by their names")
def test_a_uv_for_another_kind_of_computer_is_none(course, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", course.env["PATH"])
    assert course.module.working_uv() == str(tmp_path / "tools" / "uv")
    (tmp_path / "tools" / "uv").write_bytes(b"\x7fELF of another machine")
    assert course.module.working_uv() is None


def test_a_missing_venv_module_is_named(course, monkeypatch):
    find = course.module.importlib.util.find_spec
    monkeypatch.setattr(
        course.module.importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "ensurepip" else find(name, *rest),
    )
    with pytest.raises(SystemExit, match=r"no venv module.* sudo apt install python3-venv"):
        course.module.make_venv(None)
    assert not (course.folder / ".venv").exists()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_is_not_writable(course):
    course.folder.chmod(0o555)
    try:
        assert_one_line(course.start(), "cannot be written")
    finally:
        course.folder.chmod(0o755)


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_any_locale_will_do(course, locale):
    _, prefix, _ = lab_call(course.start(LC_ALL=locale, LANG=locale, PYTHONIOENCODING=""))
    assert prefix


@pytest.mark.skipif(os.name == "nt", reason="the closed proxy is tried on one system")
@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_no_network_for_real(course, installer, tmp_path):
    """The real uv and the real pip, with nothing cached and a proxy that is not there."""
    variables = {"UV_CACHE_DIR": f"{tmp_path}/cache", "PIP_CACHE_DIR": f"{tmp_path}/cache"}
    variables |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    variables |= {"NO_PROXY": "", "PIP_RETRIES": "1", "UV_HTTP_RETRIES": "0"}
    if installer == "uv":
        uv = Path(pytest.importorskip("uv").find_uv_bin())
        variables["PATH"] = f"{uv.parent}{os.pathsep}{os.environ['PATH']}"
    else:
        variables |= {"FAULT": "broken uv", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
        variables |= {"PIP_INDEX_URL": "https://pypi.org/simple", "PIP_EXTRA_INDEX_URL": ""}
    assert_one_line(course.start(**variables), "no network", "Check the connection")
    assert (course.folder / ".venv" / "course-stamp.txt").read_text() == "unfinished"


def test_help_says_it_all(course):
    result = course.start("--help")
    assert result.code == 0
    commands = ("start.py test", "start.py refresh", "start.py frameworks")
    for words in (*commands, "550 MB", "--no-browser --port 9999", ".venv"):
        assert words in result.out
    assert not (course.folder / ".venv").exists()


def test_a_python_that_is_too_old_is_told_so():
    source = SCRIPT.read_text(encoding="utf-8")
    source.encode("ascii")  # Python 2 wants no other letters
    ast.parse(source, feature_version=(3, 4))
    pretend = (
        "import sys; sys.version_info = (3, 8, 18, 'final', 0); exec(open(sys.argv[1]).read())"
    )
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
