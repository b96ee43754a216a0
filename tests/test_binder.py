"""Binder: what binder/ says is understood, and the notebooks run with what Binder would install.

Nothing here builds an image. `jupyter-repo2docker --no-build` shows how Binder reads the folder,
and its lock file names the versions in Binder's base image.
"""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
BINDER = ROOT / "binder"
PYTHON = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
OF_THE_BASE = ("jupyterlab", "ipywidgets", "ipykernel", "ipython")

needs_repo2docker = pytest.mark.skipif(
    find_spec("repo2docker") is None, reason="repo2docker is not made for this system"
)


def requirements(path):
    """{name: Requirement} of a requirements file, without the lines that are pip's options."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name.lower(): requirement for requirement in found}


def pins():
    """{name: version} of binder/requirements.txt."""
    found = {}
    for name, requirement in requirements(BINDER / "requirements.txt").items():
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", f"{name} is not pinned"
        found[name] = specifier.version
    return found


def base_versions():
    """{name: version} of OF_THE_BASE in Binder's base image, from repo2docker's own lock file."""
    conda = Path(find_spec("repo2docker").origin).parent / "buildpacks" / "conda"
    lock = (conda / f"environment.py-{PYTHON}-linux-64.lock").read_text(encoding="utf-8")
    found = re.findall(r"/([^/]+)-([^-/]+)-[^-/]+\.conda", lock)
    return {name: version for name, version in found if name in OF_THE_BASE}


@pytest.fixture
def copy(tmp_path, copy_course):
    """A clean copy of the repository."""
    return copy_course(tmp_path / "course")


@needs_repo2docker
def test_repo2docker_reads_the_configuration(copy):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    result = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=120)
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    assert f"python={PYTHON}" in said
    assert '"binder/requirements.txt"' in said
    assert "RUN ./binder/postBuild" in said
    # The requirements come before the copy of the course: they stay a cached layer.
    installs, copies = said.index('-r "binder/requirements.txt"'), said.rindex("COPY --chown")
    assert installs < copies


def test_the_pins_satisfy_requirements_txt():
    ours = pins() | (base_versions() if find_spec("repo2docker") else {})
    for name, requirement in requirements(ROOT / "requirements.txt").items():
        if name in ours:
            assert requirement.specifier.contains(ours[name]), (requirement, ours[name])
        else:
            assert name in OF_THE_BASE, f"binder/requirements.txt lacks {name}"


def test_the_requirements_are_self_contained():
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("-")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit and no bash")
def test_post_build_runs(tmp_path, copy):
    """postBuild with a `python` that writes down what it is asked instead of doing it."""
    script = copy / "binder" / "postBuild"
    assert os.access(script, os.X_OK)
    tools, log = tmp_path / "tools", tmp_path / "log.txt"
    tools.mkdir()
    fake = tools / "python"
    fake.write_text(f'#!/bin/sh\necho "$@" >> {log}\necho {tmp_path}/prefix\n', encoding="utf-8")
    fake.chmod(0o755)
    env = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([script], cwd=copy, env=env, check=True, capture_output=True)
    install = log.read_text(encoding="utf-8").splitlines()[0]
    assert install.startswith("-m pip install") and "--no-deps" in install
    assert install.endswith("--editable .")
    for program in ("jupyter", "ipython"):
        shared, installed = copy / "binder" / program, tmp_path / "prefix" / "etc" / program
        files = [file.relative_to(shared) for file in shared.rglob("*") if file.is_file()]
        assert files and all((installed / file).is_file() for file in files)


@needs_repo2docker
@pytest.mark.slow
@pytest.mark.timeout(900)  # it installs an environment and runs every notebook
def test_the_notebooks_run_with_binders_versions(tmp_path, copy, load_start):
    start, uv = load_start(copy), pytest.importorskip("uv").find_uv_bin()
    python = tmp_path / "env" / "bin" / "python"
    versions = [f"{name}=={version}" for name, version in base_versions().items()]
    tools = ["nbval", "pytest", "pytest-timeout", "pytest-xdist"]
    pip = [uv, "pip", "install", "--python", python]
    run = [
        [uv, "venv", "--python", python_for(uv), tmp_path / "env"],
        [*pip, "--only-binary=:all:", "-r", BINDER / "requirements.txt", *versions, *tools],
        [*pip, "--no-deps", "--editable", copy],
    ]
    for command in run:
        result = subprocess.run(command, capture_output=True, text=True)
        if "no network" in (start.cause_of(result.stderr) or ""):
            pytest.skip("no network, so Binder's versions cannot be installed")
        assert result.returncode == 0, result.stderr
    command = [python, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", "notebooks"]
    result = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def python_for(uv):
    """Binder's Python where this machine has it, else the one that runs the tests."""
    command = [uv, "python", "find", "--no-python-downloads", PYTHON]
    found = subprocess.run(command, capture_output=True).returncode == 0
    return PYTHON if found else sys.executable
