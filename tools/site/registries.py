"""Downloads of the packages that the site is made of, in the versions that pyproject.toml pins."""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from importlib.metadata import version
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION
from published import ROOT

NO_NPM = "npm is missing: install Node.js (https://nodejs.org/), which brings it, and start again"


def npm_pins():
    """Return {name: version} of the npm packages, from pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["nnlib-site"]["npm"]


def npm_package(name, folder):
    """Download the pinned version of an npm package and return the folder that holds its files."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(NO_NPM)
    with tempfile.TemporaryDirectory() as download:
        command = [npm, "pack", "--silent", f"{name}@{npm_pins()[name]}"]
        subprocess.run(command, check=True, cwd=download, stdout=subprocess.DEVNULL)
        (archive,) = Path(download).glob("*.tgz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder / name, filter="data")
    return folder / name / "package"


def wheels_from_pypi(versions, folder):
    """Download pure Python wheels for the Python in the browser.

    `versions` is {name: version}; None stands for the version that this environment has. Returns
    {normalized name: path}.
    """
    pins = [f"{name}=={pin or version(name)}" for name, pin in versions.items()]
    if not pins:
        return {}
    place = folder / sha256(" ".join(pins).encode())[:8]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place]
    # Without these, pip chooses wheels for this Python and this computer.
    command += ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
    command += ["--python-version", PYODIDE_PYTHON_VERSION, *pins]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SystemExit(f"{result.stderr}\npip could not download {', '.join(pins)}.")
    return {normalize(file.name.split("-")[0]): file for file in place.glob("*.whl")}


def normalize(name):
    """Return the name of a Python package as package indexes write it: `Typing_Extensions` →
    `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def sha256(data):
    """Return the hexadecimal SHA-256 sum of some bytes."""
    return hashlib.sha256(data).hexdigest()
