"""The files for a hub: its settings, and the load test with two learners."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "teaching" / "hub"


def test_the_settings_share_the_cores_among_those_who_play():
    given = {"PATH": "as it was"}
    config = SimpleNamespace(Spawner=SimpleNamespace(environment=given))
    settings = runpy.run_path(str(FOLDER / "course.py"), {"get_config": lambda: config})
    share = float(given["NNLIB_FRAME_BUDGET"])
    assert 0 < share * settings["PLAYING_AT_ONCE"] <= settings["CORES"]
    assert given["PATH"] == "as it was"


@pytest.mark.skipif(os.name == "nt", reason="a hub runs on Linux")
def test_the_script_installs_the_settings_of_start_py_and_refuses_an_old_python(tmp_path):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    env = os.environ | {"TLJH_USER_ENV": str(tmp_path)}

    def install(status):
        python.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\nexit {status}\n')
        python.chmod(0o755)
        return subprocess.run(["bash", FOLDER / "install.sh"], env=env, capture_output=True)

    assert install(1).returncode == 1
    assert not (tmp_path / "etc").exists()
    assert install(0).returncode == 0
    assert "pip install" in (tmp_path / "calls").read_text()
    assert (tmp_path / "etc" / "jupyter" / "jupyter_server_config.py").is_file()
    assert (tmp_path / "etc" / "ipython" / "ipython_kernel_config.py").is_file()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_learners_play_and_nothing_burns_when_they_pause():
    command = [sys.executable, FOLDER / "load_test.py", "--learners", "2", "--seconds", "5"]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^(.{32}) *[\d.]+ +([\d.]+)", table, re.MULTILINE)
    worst = {name.strip(): float(number) for name, number in rows}
    assert len(worst) == 5, table
    assert worst["pictures a second, playing"] > 5, table
    assert worst["core, paused"] < 0.02 < worst["core, playing"], table
    memory = [number for name, number in worst.items() if name.startswith("MiB")]
    assert all(120 < number <= 220 for number in memory), table  # a server alone has some 80
