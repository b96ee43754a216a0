"""What several test files share."""

import importlib.util
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLUTTER = shutil.ignore_patterns(
    ".git", ".venv", ".nox", ".hypothesis", ".*_cache", ".ipynb_checkpoints", "__pycache__"
)


def copied(target):
    shutil.copytree(ROOT, target, ignore=CLUTTER)
    return target


def loaded(path):
    spec = importlib.util.spec_from_file_location(f"installation_of_{path.parents[1].name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def copy_course():
    """A function that copies the repository to a new folder, clean, and returns the folder."""
    return copied


@pytest.fixture(scope="session")
def load_start():
    """A function that loads the tools/installation.py of a copy; its ROOT is that copy."""
    return lambda folder: loaded(folder / "tools" / "installation.py")


def pytest_terminal_summary(terminalreporter):
    """Say how much the tests did that try very many things and record their counts."""
    other = "pictures of another Matplotlib"
    recorded = {"calls": [], "changed numbers": [], other: []}
    for report in terminalreporter.stats.get("passed", ()):
        for name, count in report.user_properties:
            recorded.setdefault(name, []).append(count)
    if recorded["calls"]:
        calls, right, refused = map(sum, zip(*recorded["calls"]))
        line = f"{calls:,} calls of {len(recorded['calls'])} public functions with nonsense:"
        line += f" {right:,} right answers, {refused:,} errors that name wanted and got"
        terminalreporter.write_line(line)
    if recorded["changed numbers"]:
        line = f"{sum(recorded['changed numbers']):,} stored numbers of"
        line += (
            f" {len(recorded['changed numbers'])} notebooks changed in their last digit: all seen"
        )
        terminalreporter.write_line(line)
    if any(recorded[other]):
        line = f"{sum(recorded[other])} stored pictures were not compared: they are of another"
        terminalreporter.write_line(f"{line} version of Matplotlib")
