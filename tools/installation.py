"""The course's Python environment in the folder .venv: create it, repair it, run programs in it."""

import collections
import csv
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import tomllib
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SITE_PACKAGES = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
STATE = VENV / "course.json"  # what the environment was made from; missing while it is being made
SHARED = ROOT / "binder"  # settings of Jupyter and IPython, also for Binder
FIRST_NOTEBOOK = ROOT / "notebooks" / "00_start_here.ipynb"
MEGABYTES = {
    "course": 500,
    "test": 700,
    "site": 250,
    "slides": 20,
    "frameworks": 3000,
}  # disk space
VERSION = "{}.{}".format(*sys.version_info)
# PyTorch without graphics cards: on Linux, PyPI's brings 2.5 GB of libraries for them.
TORCH_FOR_CPU = "https://download.pytorch.org/whl/cpu/torch/"

# What installers and operating systems print, and what it means for the reader. First match wins.
CAUSES = {
    ("No space left", "Errno 28", "os error 28", "os error 112", "Disk quota exceeded"): (
        "the disk is full. Free about 1 GB (the folder for temporary files and your home folder "
        "count too)"
    ),
    ("contains the PATH separator", "path segment contains separator"): (
        f"the folder's path contains {os.pathsep!r}. Move the course to another folder"
    ),
    ("Permission denied", "Read-only file system", "Access is denied", "os error 13"): (
        "a folder can't be written to. Move the course to a folder of your own and close every "
        "JupyterLab that runs from it"
    ),
    ("CERTIFICATE_VERIFY_FAILED", "invalid peer certificate", "UnknownIssuer"): (
        "this computer doesn't trust the package index's certificate. On a school's or company's "
        "network, ask for its certificate and set SSL_CERT_FILE to it"
    ),
    ("network was disabled", "network connectivity is disabled"): (
        "the installer is set to work offline. Remove the setting (UV_OFFLINE, or offline in "
        "uv.toml)"
    ),
    ("Retrying (Retry(", "Max retries exceeded", "NewConnectionError", "ProxyError",
     "Failed to fetch", "error sending request", "dns error", "Connection refused",
     "name resolution", "Network is unreachable", "timed out", "No route to host"): (
        "no network: the package index can't be reached. Check the connection, and the proxy if "
        "you have one"
    ),
    ("from versions: none", "not found in the package registry", "not found in the provided"): (
        "the package index lacks a package. If you chose the index yourself (PIP_NO_INDEX, "
        "PIP_INDEX_URL, UV_INDEX_URL), remove that setting"
    ),
    ("Failed building wheel", "Failed to build", "metadata-generation-failed",
     "No matching distribution found", "ResolutionImpossible", "No solution found"): (
        f"a package isn't available for Python {VERSION} on this computer. Get Python "
        f"{'3.12' if VERSION == '3.13' else '3.13'} from https://www.python.org/downloads/"
    ),
}  # fmt: skip


def fail(message):
    """Stop with one line and exit status 1."""
    raise SystemExit(f"start.py: {message}, then start again.")


def cause_of(text):
    """Return the sentence of CAUSES that explains an installer's output, or None."""
    for signs, sentence in CAUSES.items():
        if any(sign.lower() in text.lower() for sign in signs):
            return sentence
    return None


# ------------------------------------------------------------------- running programs in .venv


def environment():
    """Return the environment variables for everything that runs in .venv.

    The user's settings of Python, Matplotlib, IPython and Jupyter may ask for what isn't installed
    in .venv, or for pictures that aren't shown. JupyterLab's theme and shortcuts are kept.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    jupyter = env.get("JUPYTER_CONFIG_DIR") or os.path.expanduser("~/.jupyter")
    env.pop("MPLBACKEND", None)
    env.setdefault("JUPYTERLAB_SETTINGS_DIR", os.path.join(jupyter, "lab", "user-settings"))
    # A second thread for products of small matrices mostly waits, and takes time from others.
    env.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name, folder in (
        ("PATH", PYTHON.parent),
        ("JUPYTER_PATH", VENV / "share" / "jupyter"),  # its kernel "python3", not another one
        ("JUPYTER_CONFIG_PATH", SHARED / "pip" / "etc" / "jupyter"),
        ("JUPYTER_CONFIG_PATH", SHARED / "jupyter"),
    ):
        env[name] = os.pathsep.join(filter(None, [str(folder), env.get(name)]))
    return env | {
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUTF8": "1",  # the folder's name may have any letters, whatever the locale
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "IPYTHONDIR": str(VENV / "ipython"),
        "JUPYTER_CONFIG_DIR": str(VENV / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTERLAB_WORKSPACES_DIR": str(VENV / "workspaces"),  # the course's open tabs only
    }


def lab_command(arguments, python=PYTHON):
    """Return the command that opens JupyterLab at the first notebook, or at one in `arguments`."""
    notebook, options = FIRST_NOTEBOOK, []
    for argument in arguments:
        if argument.endswith(".ipynb") and not argument.startswith("-"):
            notebook = Path(argument).resolve()
            if not notebook.is_file() or ROOT not in notebook.parents:
                fail(f"there is no notebook {argument} in {ROOT}. Check its name")
        else:
            options.append(argument)
    url = "/lab/tree/" + urllib.parse.quote(notebook.relative_to(ROOT).as_posix())
    command = [str(python), "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    command.append(f"--LabApp.default_url={url}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; JupyterLab would refuse
        command.append("--allow-root")
    return command + options


def replace_process(command, variables=None):
    """Become `command`: it gets the keyboard, and its exit status is that of start.py.

    `variables` are environment variables beside those of `environment()`.
    """
    os.chdir(ROOT)
    env = environment() | (variables or {})
    if os.name != "nt":
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, env=env)
    while True:
        try:
            raise SystemExit(process.wait())
        except KeyboardInterrupt:  # Ctrl-C is for JupyterLab, which asks what to do
            continue


def run(task, *command):
    """Run an installer and show its progress; stop with a clear line if it fails."""
    started = time.monotonic()
    # With LC_ALL=C, Python writes paths in UTF-8, as uv expects them, and messages are English.
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stdin=subprocess.DEVNULL,
        env=environment() | {"PYTHONSAFEPATH": "1", "LC_ALL": "C"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    )  # fmt: skip
    output = collections.deque(maxlen=400)
    reader = threading.Thread(target=lambda: output.extend(map(str.rstrip, process.stdout)))
    reader.start()
    try:
        while reader.is_alive():
            show_progress(task, started, output[-1].strip() if output else "")
            reader.join(0.5)
    except BaseException:  # interrupted: the installer must not continue unseen
        process.kill()
        raise
    finally:
        process.wait()
    show_progress(task, started, "failed" if process.returncode else "done", end="\n")
    if process.returncode:
        cause = cause_of("\n".join(output))
        if cause is None:
            print(*list(output)[-20:], sep="\n", file=sys.stderr)
        fail(cause or f"{task} failed, for the reason above. Fix it")


def show_progress(task, started, status, end=""):
    """Show a step's progress: on a terminal in one changing line, elsewhere when it ends."""
    line = f"  {task:<19} {time.monotonic() - started:4.0f} s  {status}"
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + line[:width].ljust(width), end=end, flush=True)
    elif end:
        print(line, flush=True)


# ---------------------------------------------------------------------------- what .venv is like


def place():
    """Return the Python version and the folder that .venv is made for; it can't be moved."""
    folder = os.fsencode(ROOT).decode("utf-8", "backslashreplace")  # the same in every locale
    return f"Python {VERSION} in {folder}"


def recipe():
    """Return a digest of the files that decide what is installed."""
    files = [ROOT / "requirements.txt", ROOT / "pyproject.toml", Path(__file__)]
    files += (SHARED / "ipython").iterdir()
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def packages():
    """Return {package: number of its files that are missing or changed since its installation}."""
    found = {}
    for record in SITE_PACKAGES.glob("*.dist-info/RECORD"):
        with open(record, encoding="utf-8", newline="") as file:
            damaged = sum(not is_intact(path, size) for path, _, size in csv.reader(file))
        found[record.parent.name.partition("-")[0]] = damaged
    return found


def is_intact(path, size):
    """Return whether a file of a package has its size; where none is recorded, '', it's True."""
    try:
        return not size or (SITE_PACKAGES / path).stat().st_size == int(size)
    except OSError:
        return False


def python_works():
    """Return whether .venv's Python is this version and finds nnlib, JupyterLab and pip."""
    test = f"import nnlib, pip, sys; assert sys.version_info[:2] == {sys.version_info[:2]}"
    test += "; from importlib.util import find_spec; assert find_spec('jupyterlab')"
    command = [str(PYTHON), "-P", "-c", test]
    try:
        done = subprocess.run(command, cwd=VENV, env=environment(), stderr=subprocess.DEVNULL)
    except OSError:  # there is no such program
        return False
    return done.returncode == 0


def read_state():
    """Return what `write_state` stored if .venv is still like that, else None."""
    try:
        state = json.loads(STATE.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not python_works():
        add_to_path()
    now = packages()
    whole = all(now.get(name, count + 1) <= count for name, count in state["packages"].items())
    return state if whole and state["place"] == place() and python_works() else None


def write_state(extras, recipe):
    """Store what .venv is made from and for, and what is in it."""
    state = {"place": place(), "recipe": recipe, "extras": sorted(extras), "packages": packages()}
    STATE.write_text(json.dumps(state, indent=1), "utf-8")


# ----------------------------------------------------------------------------- making it complete


def set_up(extras=(), arguments=()):
    """Create, repair or extend .venv if something is missing, and do nothing otherwise.

    `extras` of pyproject.toml join those that are there; `arguments` go to the installer.
    """
    state = read_state()
    present = set(state["extras"]) if state else set()
    complete = state is not None and state["recipe"] == recipe()
    missing = set(extras) - present
    if complete and not missing and not arguments:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    uv = working_uv()
    if not complete:
        print("Setting up the course. This happens once and takes one to three minutes.")
    if "frameworks" in missing:
        print("Notebook 09 can use TensorFlow and PyTorch. This downloads about 550 MB, or 3 GB")
        print("if PyTorch includes libraries for graphics cards.", flush=True)
    if state:
        check_space(missing)
        write_state(present, "unfinished")
    else:
        remove()
        check_space({"course", *missing})
        create(uv)
    try:
        install(uv, present | missing, arguments)
    except SystemExit:
        if complete:  # the installer gave up before it changed anything
            write_state(present, recipe())
        raise
    if not python_works():
        fail(f"{PYTHON} doesn't find nnlib or JupyterLab. Delete the folder .venv")
    write_state(present | missing, recipe())


def remove():
    """Delete .venv, whatever it is."""
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    else:
        VENV.unlink(missing_ok=True)


def check_space(parts):
    """Stop if the disk has too little space for these parts of the installation."""
    needed = sum(MEGABYTES.get(part, 500) for part in parts)
    free = shutil.disk_usage(ROOT).free / 1e6
    if free < needed:
        fail(f"the disk is full: {needed} MB are needed, {free:.0f} MB are free. Free some space")


def working_uv():
    """Return the path of uv, or None if there is none that runs."""
    uv = shutil.which("uv")
    try:
        works = uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    except OSError:  # made for another kind of computer
        works = False
    return uv if works else None


def create(uv):
    """Create .venv with pip and nothing else."""
    if not uv and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        fail(
            "this Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv. "
            "Elsewhere, install Python from https://www.python.org/downloads/"
        )
    inside = Path(sys.prefix).resolve() == VENV  # started with the Python that was in .venv
    python = sys._base_executable if inside else sys.executable
    venv = [uv, "venv", "--seed", "--python", python] if uv else [python, "-m", "venv"]
    run("Creating .venv", *venv, VENV)


def install(uv, extras, arguments):
    """Install what requirements.txt and these extras list; nnlib itself is used from here.

    uv's cache shares its files with .venv: one that was changed there comes back from the cache as
    it is, until uv is told to install its package again.
    """
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [line for line in lines if line[:1].isalpha()]
    for extra in sorted(extras):
        wanted += project["optional-dependencies"][extra]
    if uv:
        pip = [uv, "pip", "install", "--python", PYTHON]
    else:
        pip = [PYTHON, "-m", "pip", "install", "--progress-bar=off", "--no-compile"]
    options = torch_for_cpu() if "frameworks" in extras else []
    command = [*pip, *wanted, *options, *arguments]
    run("Installing packages", *command)
    damaged = [f"--reinstall-package={name}" for name, count in packages().items() if count]
    if uv and damaged:
        run("Repairing packages", *command, *damaged)
    shutil.copytree(SHARED / "ipython", VENV / "etc" / "ipython", dirs_exist_ok=True)
    add_to_path()


def add_to_path():
    """Let .venv's Python find nnlib in the course's folder.

    The path is relative, so that it has no letter that is lost in some locale and no blank at its
    end. A hidden .pth file, which macOS makes of some, isn't read.
    """
    file = SITE_PACKAGES / "course.pth"
    if SITE_PACKAGES.is_dir():
        file.unlink(missing_ok=True)
        file.write_text(os.path.relpath(ROOT, SITE_PACKAGES), "ascii")
        if hasattr(os, "chflags"):
            os.chflags(file, 0)


def torch_for_cpu():
    """Return options for an installer on Linux, if no other source is set and it can be reached."""
    chosen = any(map(os.environ.get, ("PIP_FIND_LINKS", "UV_FIND_LINKS")))
    if chosen or not sys.platform.startswith("linux"):
        return []
    try:
        urllib.request.urlopen(TORCH_FOR_CPU, timeout=10).close()
    except OSError:
        return []
    return ["--find-links", TORCH_FOR_CPU]
