"""Starts a JupyterLab the way start.py does, for the browser tests and the benchmarks."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

TOKEN = "a-token-for-the-tests"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
NO_CHROMIUM = "no Chromium; on Debian and Ubuntu: sudo apt install chromium"
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KERNEL_IS_IDLE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""


@contextmanager
def running_lab(root, start, *, stock=False, python=sys.executable, options=(), variables=None):
    """JupyterLab on the folder `root`: `.url`, `.token`, `.root`, `.log`, `.pid`.

    `start` is that folder's start.py as a module. `stock`: only with the settings that come with
    pip. Its home is empty but for a broken kernel called "python3", which must not be chosen.
    `options` and environment `variables` come last.
    """
    home = root.parent / "home"
    command = start.lab_command(
        [
            "--no-browser",
            f"--ServerApp.port={free_port()}",
            f"--IdentityProvider.token={TOKEN}",
            "--LabApp.expose_app_in_browser=True",
            *options,
        ],
        python=python,
    )
    env = start.environment() | _empty_home(home) | (variables or {})
    if stock:
        env["JUPYTER_CONFIG_PATH"] = os.fspath(root / "binder" / "pip" / "etc" / "jupyter")
    with open(root.parent / "server.log", "w+") as log:
        server = subprocess.Popen(command, cwd=root, env=env, stdout=log, stderr=log)
        try:
            url = _wait_for(server, home / "runtime", log)
            yield SimpleNamespace(
                url=url, token=TOKEN, root=root, log=Path(log.name), pid=server.pid
            )
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port():
    """A port that is free now. (Port 0 in the settings: older servers then don't say which.)"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _empty_home(home):
    """Variables that give Jupyter a home where only a broken kernel "python3" is."""
    kernel = home / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    broken = {"argv": ["no-such-program"], "display_name": "Broken", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(broken), encoding="utf-8")
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    names |= {"JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    return {variable: os.fspath(home / folder) for variable, folder in names.items()}


def _wait_for(server, runtime, log):
    """The address of the server, as soon as it answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        for info in runtime.glob(f"jpserver-{server.pid}.json"):
            try:
                url = json.loads(info.read_text())["url"]
                with urllib.request.urlopen(f"{url}api", timeout=5):
                    return url
            except (OSError, ValueError):  # not written or not listening yet
                pass
        time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read()}")
