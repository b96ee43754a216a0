"""The server's settings: messages to the browser leave at once."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "binder" / "jupyter" / "jupyter_server_config.py"


class Config(dict):
    """What Jupyter calls c: c.Name.option = value."""

    def __getattr__(self, name):
        return self.setdefault(name, Config())

    def __setattr__(self, name, value):
        self[name] = value


@pytest.fixture
def connection_class():
    pytest.importorskip("jupyter_server")
    config = Config()
    runpy.run_path(str(CONFIG), {"get_config": lambda: config})
    return config.ServerApp.kernel_websocket_connection_class


def test_the_connection_switches_nagles_delay_off_and_then_connects(connection_class, monkeypatch):
    done = []

    class Handler:
        def set_nodelay(self, value):
            done.append(value)

    base = connection_class.__mro__[1]
    monkeypatch.setattr(base, "connect", lambda self: done.append("connected") or "a future")
    connection = object.__new__(connection_class)
    monkeypatch.setattr(connection_class, "websocket_handler", Handler())
    assert connection_class.connect(connection) == "a future"
    assert done == [True, "connected"]


def test_jupyterlab_reads_it_as_start_py_starts_it(load_start, tmp_path):
    pytest.importorskip("jupyterlab")
    start = load_start(ROOT)
    command = [sys.executable, "-m", "jupyterlab", "--show-config"]
    env = start.environment() | {"JUPYTER_CONFIG_DIR": str(tmp_path)}
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert "PromptConnection" in said
