"""The versions in pyproject.toml fit together: kernel, Pyodide, and the widgets on both sides."""

import json
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

constants = pytest.importorskip(
    "jupyterlite_pyodide_kernel.constants", reason="needs the extra: python3 start.py site --help"
)
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = {
    requirement.name: str(requirement.specifier)
    for requirement in map(Requirement, SETTINGS["project"]["optional-dependencies"]["site"])
}


def test_this_environment_has_the_pinned_versions():
    got = {name: version(name) for name in PINS}
    assert {n: v for n, v in got.items() if v not in SpecifierSet(PINS[n])} == {}


def test_npm_has_the_pyodide_that_the_kernel_needs():
    assert SETTINGS["tool"]["nnlib-site"]["npm"]["pyodide"] == constants.PYODIDE_VERSION


def test_the_kernel_fits_jupyterlite():
    needed = {r.name: r.specifier for r in map(Requirement, requires("jupyterlite-pyodide-kernel"))}
    assert version("jupyterlite-core") in needed["jupyterlite-core"]


def test_nnlib_runs_on_the_python_in_the_browser():
    assert constants.PYODIDE_PYTHON_VERSION in SpecifierSet(SETTINGS["project"]["requires-python"])


def test_the_widgets_fit_their_own_front_ends():
    """The kernel gets ipywidgets and anywidget as they are here; the page, their extensions."""
    from lite import labextension

    needed = {r.name: r.specifier for r in map(Requirement, requires("ipywidgets"))}
    assert version("jupyterlab_widgets") in needed["jupyterlab_widgets"]
    package = json.loads((labextension("anywidget") / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == version("anywidget")


def test_a_built_lock_file_satisfies_nnlib(site):
    lock = json.loads((site.root / "lite/static/pyodide/pyodide-lock.json").read_text("utf-8"))
    packages = lock["packages"]
    assert lock["info"]["python"].startswith(constants.PYODIDE_PYTHON_VERSION)
    for requirement in map(Requirement, SETTINGS["project"]["dependencies"]):
        assert packages[requirement.name]["version"] in requirement.specifier
    for name in ("ipywidgets", "anywidget"):
        if name in packages:
            assert packages[name]["version"] == version(name)
