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
    spec = importlib.util.spec_from_file_location(f"start_of_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def copy_course():
    """A function that copies the repository to a new folder, clean, and returns the folder."""
    return copied


@pytest.fixture(scope="session")
def load_start():
    """A function that loads the start.py of a folder, as a module whose ROOT is that folder."""
    return lambda folder: loaded(folder / "start.py")


def pytest_terminal_summary(terminalreporter):
    """Say how many calls test_faults.py made: each test there records (calls, right, refused)."""
    passed = terminalreporter.stats.get("passed", ())
    counts = [n for report in passed for name, n in report.user_properties if name == "calls"]
    if counts:
        calls, right, refused = map(sum, zip(*counts))
        line = f"{calls:,} calls of {len(counts)} public functions with nonsense:"
        line += f" {right:,} right answers, {refused:,} errors that name wanted and got"
        terminalreporter.write_line(line)
