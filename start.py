"""Open the course in JupyterLab. Needs Python 3.11 or newer and nothing else.

python3 start.py [arguments]             open the first notebook in JupyterLab
python3 start.py notebooks/NAME.ipynb    open that notebook instead
python3 start.py test [arguments]        run the quick checks (the arguments go on to pytest)
python3 start.py refresh [notebooks]     run notebooks again and store their outputs
python3 start.py frameworks [arguments]  add TensorFlow and PyTorch, for notebook 09
python3 start.py site [arguments]        build the course as a site; "site --help" says how
python3 start.py --help                  show this text

The first start makes an environment of the course's own in the folder .venv, with uv if you
have it, else with venv and pip. It needs a network, 500 MB of disk and up to three minutes.
Later starts find it ready. To begin again from nothing, delete the folder .venv.

Notebook 09 can do without TensorFlow and PyTorch. They are a download of about 550 MB. What stands
behind "frameworks" goes on to the installer, for example: python3 start.py frameworks torch==2.13.0

All other arguments go on to JupyterLab, for example: python3 start.py --no-browser --port 9999
"""

# This file must parse on every Python, back to 2.7: one that is too old has to be told so.
from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "start.py: this is Python %d.%d, the course needs 3.11 or newer. Get it from "
        "https://www.python.org/downloads/ and start again with it, for example: "
        "python3.13 start.py" % sys.version_info[:2]
    )

import collections
import hashlib
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "course-stamp.txt"  # what the set-up was made from; says so when it is unfinished
UNFINISHED = "unfinished"
FIRST_NOTEBOOK = ROOT / "notebooks" / "00_start_here.ipynb"
JUPYTER_CONFIG = ROOT / "binder" / "jupyter"  # also copied into Binder's image, by binder/postBuild
ROOM_NEEDED = 500e6  # bytes
ROOM_FOR_FRAMEWORKS = 3e9
# On Linux, where PyPI's PyTorch brings 2.5 GB for Nvidia's graphics cards: the same without.
TORCH_FOR_CPU = "https://download.pytorch.org/whl/cpu/torch/"

# What installers and operating systems say, and what it means for the reader. First match wins.
CAUSES = (
    (
        ("No space left", "Errno 28", "os error 28", "os error 112", "Disk quota exceeded"),
        "the disk is full. Free about 1 GB (folders of temporary files and of your home count "
        "too), then start again.",
    ),
    (
        ("Permission denied", "Read-only file system", "Access is denied", "os error 13"),
        "a folder cannot be written to. Move the course to a folder of your own, close every "
        "JupyterLab that runs from it, then start again.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "invalid peer certificate", "UnknownIssuer"),
        "the package index showed a certificate that is not trusted here. On a school's or "
        "company's network ask for its certificate (SSL_CERT_FILE), then start again.",
    ),
    (
        ("Retrying (Retry(", "Max retries exceeded", "NewConnectionError", "ProxyError",
         "Failed to fetch", "error sending request", "dns error", "Connection refused",
         "name resolution", "Network is unreachable", "timed out", "No route to host"),
        "no network: the package index cannot be reached. Check the connection (and the proxy, "
        "if you have one), then start again.",
    ),
    (
        ("Failed building wheel", "Failed to build", "metadata-generation-failed",
         "No matching distribution found", "ResolutionImpossible", "No solution found"),
        "a package is not available for this Python (%d.%d) or this computer. Start again with "
        "Python 3.13." % sys.version_info[:2],
    ),
)  # fmt: skip


def fail(message):
    """Stop with one line and exit status 1."""
    raise SystemExit("start.py: " + message)


def cause_of(text):
    """The sentence of CAUSES that explains `text`, or None."""
    for signs, sentence in CAUSES:
        if any(sign.lower() in text.lower() for sign in signs):
            return sentence
    return None


def venv_python():
    """The environment's own Python, whether it exists yet or not."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint():
    """One line for everything the environment depends on: other line, other environment."""
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml", "start.py"):
        digest.update((ROOT / name).read_bytes())
    place = "Python %d.%d in " % sys.version_info[:2] + str(ROOT)
    return "%s, files %s" % (place, digest.hexdigest()[:16])


def stamped():
    """What the stamp says: (line of `fingerprint`, set of extras), or (None, no extras)."""
    try:
        line, _, extras = STAMP.read_text("utf-8", "surrogateescape").partition("\n")
    except OSError:
        return None, set()
    return line, set(extras.split())


def python_works():
    """Does the environment have a Python that runs, of this version, with pip?"""
    question = "import pip, sys; sys.exit(sys.version_info[:2] != %r)" % (sys.version_info[:2],)
    try:
        result = subprocess.run(
            [str(venv_python()), "-c", question], stderr=subprocess.DEVNULL, env=environment()
        )
    except OSError:  # there is no such file
        return False
    return result.returncode == 0


def environment():
    """The environment variables that everything from .venv is run with."""
    env = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME"):  # would put other packages first
        env.pop(name, None)
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # would make every start as slow as the first
    # The course's matrices are small: a second thread for their products mostly waits, and burns
    # the time of everybody else on the machine while it does.
    env.setdefault("OPENBLAS_NUM_THREADS", "1")

    def first(path, name):
        env[name] = os.pathsep.join(filter(None, [str(path), env.get(name)]))

    first(venv_python().parent, "PATH")
    first(VENV / "share" / "jupyter", "JUPYTER_PATH")  # its kernel "python3", not one in the home
    first(JUPYTER_CONFIG, "JUPYTER_CONFIG_PATH")
    env.update(
        VIRTUAL_ENV=str(VENV),
        JUPYTER_PREFER_ENV_PATH="1",
        JUPYTERLAB_WORKSPACES_DIR=str(VENV / "workspaces"),  # the course's open tabs, no others
        PIP_USER="0",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONUTF8="1",  # folder names may have any letters, whatever the locale
    )
    return env


def show(line, last):
    """Show how far a step is: a line that changes on a terminal, elsewhere only its last state."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + line[:width].ljust(width), end="\n" if last else "", flush=True)
    elif last:
        print(line, flush=True)


def run(command, doing):
    """Run an installer's command with a running clock; stop with a clear line if it fails."""
    started = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT), env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    said = collections.deque(maxlen=400)
    reader = threading.Thread(target=lambda: said.extend(map(str.rstrip, process.stdout)))
    reader.start()
    try:
        while reader.is_alive():
            now = said[-1].strip() if said else ""
            show("  %s  %3.0f s  %s" % (doing, time.monotonic() - started, now), last=False)
            reader.join(0.5)
    except BaseException:  # interrupted: the installer must not go on behind our back
        process.kill()
        raise
    finally:
        process.wait()
    done = "done" if process.returncode == 0 else "failed"
    show("  %s  %3.0f s  %s" % (doing, time.monotonic() - started, done), last=True)
    if process.returncode != 0:
        text = "\n".join(said)
        cause = cause_of(text)
        if cause is None:
            print("\n".join(list(said)[-20:]), file=sys.stderr)
            cause = "%s failed, for the reason above. Mend it, then start again." % doing.strip()
        fail(cause)


def working_uv():
    """The path of uv, or None if there is none that runs."""
    uv = shutil.which("uv")
    try:
        works = uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    except OSError:  # made for another kind of computer
        works = False
    return uv if works else None


def need_room(needed, doing):
    """Stop if the disk has less than so many bytes left."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < needed:
        fail(
            "the disk is full: %s needs about %d MB and %d MB are free. Free some, then "
            "start again." % (doing, needed / 1e6, free / 1e6)
        )


def make_venv(uv):
    """Make .venv anew. It is marked as unfinished before anything else is in it."""
    if not uv and not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        fail(
            "this Python has no venv module. On Debian and Ubuntu: sudo apt install python3-venv. "
            "Elsewhere install Python from https://www.python.org/downloads/. Then start again."
        )
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(str(VENV))
    else:
        VENV.unlink(missing_ok=True)
    need_room(ROOM_NEEDED, "the set-up")
    VENV.mkdir()
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    inside = pathlib.Path(sys.prefix).resolve() == VENV  # started with the Python that was in .venv
    python = sys._base_executable if inside else sys.executable
    if uv:
        command = [uv, "venv", "--seed", "--allow-existing", "--python", python, VENV]
    else:
        command = [python, "-m", "venv", VENV]
    run(command, "Making .venv        ")


def set_up(extras=(), more=()):
    """Make .venv complete: do nothing if it is, mend or make it if it is not.

    `extras`, of pyproject.toml, join those that are there. `more`: arguments for the installer.
    """
    wanted = fingerprint()
    line, there = stamped()
    working = python_works()
    complete = working and line == wanted
    if complete and there >= set(extras) and not more:
        return
    if not complete:
        words = "Setting up the course. This is done once and takes one to three minutes."
        print(words, flush=True)
    uv = working_uv()
    place = wanted.rpartition(", files ")[0]
    same_place = line is None or line.rpartition(", files ")[0] == place
    if not (working and same_place):
        make_venv(uv)
        there = set()
    # Where something joins what is complete, an interrupted start is no reason to begin anew.
    write_stamp("%s, files %s" % (place, UNFINISHED) if complete else UNFINISHED, there)
    extras = sorted(there.union(extras))
    command = [uv, "pip"] if uv else [venv_python(), "-m", "pip"]
    command += ["install", "--requirement", "requirements.txt"]
    command += ["--python", venv_python()] if uv else ["--progress-bar", "off", "--no-compile"]
    command += ["--editable", ".[%s]" % ",".join(extras)] if extras else []
    try:
        run(command + list(more), "Installing packages ")
    except SystemExit:
        if complete:  # the installer gave up and left what was there as it was
            write_stamp(wanted, there)
        raise
    write_stamp(wanted, extras)


def write_stamp(line, extras):
    """Note what the environment was made from and which extras it has."""
    STAMP.write_text("\n".join([line] + sorted(extras)), "utf-8", "surrogateescape")


def add_frameworks(more):
    """Install TensorFlow and PyTorch, after a word about the size."""
    links = torch_for_cpu()
    large = sys.platform.startswith("linux") and not links
    more_if = ", or 3 GB if PyTorch comes with libraries for graphics cards" if large else ""
    print("This adds TensorFlow and PyTorch to .venv, for notebook 09. Notebook 09 can do without.")
    print("The download: about 550 MB%s." % more_if, flush=True)
    need_room(ROOM_FOR_FRAMEWORKS, "the set-up of the frameworks")
    _, there = stamped()
    set_up(["frameworks"], list(more) + links if more or "frameworks" not in there else ())
    print("Notebook 09 runs them from now on. If it is open, restart its kernel.")


def torch_for_cpu():
    """Arguments that tell an installer of PyTorch without graphics cards; none where not needed.

    Nor where its page cannot be read, or where wheels of the user's own are named.
    """
    own = "PIP_FIND_LINKS" in os.environ or "UV_FIND_LINKS" in os.environ
    if own or not sys.platform.startswith("linux"):
        return []
    try:
        urllib.request.urlopen(TORCH_FOR_CPU, timeout=10).close()
    except OSError:
        return []
    return ["--find-links", TORCH_FOR_CPU]


def lab_command(arguments, python=None):
    """The command that opens JupyterLab at the first notebook, or at one in `arguments`."""
    target, rest = FIRST_NOTEBOOK, []
    for argument in arguments:
        if argument.endswith(".ipynb") and not argument.startswith("-"):
            target = pathlib.Path(argument).resolve()
            if not target.is_file() or ROOT not in target.parents:
                fail("there is no notebook %s in %s." % (argument, ROOT))
        else:
            rest.append(argument)
    url = "/lab/tree/" + urllib.parse.quote(target.relative_to(ROOT).as_posix())
    command = [str(python or venv_python()), "-m", "jupyterlab"]
    command += ["--ServerApp.root_dir=%s" % ROOT, "--LabApp.default_url=%s" % url]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, else JupyterLab refuses
        command.append("--allow-root")
    return command + rest


def hand_over(command):
    """Become `command`: it gets the keyboard and its exit status is ours."""
    os.chdir(str(ROOT))
    if os.name != "nt":
        os.execve(command[0], command, environment())
    process = subprocess.Popen(command, env=environment())
    while True:
        try:
            raise SystemExit(process.wait())
        except KeyboardInterrupt:  # Ctrl-C is for JupyterLab, which asks what to do
            continue


def main(arguments):
    """Do what the command line says."""
    word, rest = "".join(arguments[:1]), arguments[1:]
    if word in ("-h", "--help", "help"):
        print(__doc__.strip())
    elif word == "test":
        set_up(["test"])
        hand_over([str(venv_python()), "-m", "pytest"] + rest)
    elif word == "refresh":
        set_up(["test"])
        hand_over([str(venv_python()), str(ROOT / "tests" / "refresh.py")] + rest)
    elif word == "site":
        set_up(["site"])
        hand_over([str(venv_python()), str(ROOT / "tools" / "site" / "build.py")] + rest)
    elif word == "frameworks":
        add_frameworks(rest)
    else:
        command = lab_command(arguments)
        set_up()
        hand_over(command)


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")
    sys.stderr.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nstart.py: interrupted. Start again: the set-up is then made good.")
    except OSError as error:
        sys.exit("start.py: %s" % (cause_of("%s" % error) or error))
