"""Mutation testing: do the quick tests notice small changes of nnlib's logic?

Run it with `uvx nox -s mutants`; arguments after `--`: how many mutants, words of modules' paths.
Cosmic Ray makes the mutants: one operator, comparison, number, `not`, `and`, loop … is changed at
a time. A sample is drawn, the same for the same code. Each mutant is made in a copy of the
repository, and the tests of its module run until one fails. Mutants that no test notices are
printed: those that change nothing for anybody are harmless, the others need a test. The exit
status is 1 if fewer than 95 of 100 are noticed. It needs `os.fork`.
"""

import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import hypothesis.extra.numpy
import ipywidgets
import matplotlib.pyplot
import nbformat
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

PRELOADED = (hypothesis, ipywidgets, matplotlib, nbformat)  # so that no test run loads them again

ROOT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "notebooks", "browser", "benchmarks")
EXCLUDED = ("exercises", "controls", "widget")  # data, and what only the browser tests exercise
NOT_OF_A_MODULE = ("installation", "start", "binder", "style", "circumstances", "notebooks")
# Shifts and bit operators, on which any call fails.
SENSELESS = re.compile(r"Binary\w*_(RShift|LShift|BitOr|BitAnd|BitXor)|BinaryOperator_Bit")
TEST_FILES, SECONDS, SECONDS_PER_TEST = 6, 300, 60


class Mutant(NamedTuple):
    """One change in one line of a module: `code` is the module's whole source with it."""

    module: str
    line: int
    old: str
    new: str
    code: str


def places(module):
    """Yield (module, operator, occurrence) for every change that Cosmic Ray can make."""
    tree = get_ast((ROOT / module).read_text(encoding="utf-8"))
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if not operator.arguments() and not SENSELESS.search(name):
            count = sum(len([*operator().mutation_positions(node)]) for node in ast_nodes(tree))
            yield from ((module, operator(), occurrence) for occurrence in range(count))


def make(module, operator, occurrence):
    """Return the Mutant, or None if Python can't read it."""
    source = (ROOT / module).read_text(encoding="utf-8")
    code = mutate_code(source, operator, occurrence)
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(code, module, "exec")
    except SyntaxError:
        return None
    old, new = source.splitlines(), code.splitlines()
    line = next((k for k, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), len(new) - 1)
    return Mutant(module, line + 1, old[line].strip(), new[line].strip(), code)


def tests_of(module):
    """Return the test files that are about a module: called like it, or naming it most densely."""
    path = Path(module)
    stem = path.parent.name if path.stem == "__init__" else path.stem
    ranks = Counter()
    for file in sorted((ROOT / "tests").glob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        density = len(re.findall(rf"\b{stem}\b", text)) / len(text)
        if not file.stem.endswith(NOT_OF_A_MODULE):
            ranks[file.relative_to(ROOT).as_posix()] = density + (stem.strip("_") in file.stem)
    return [name for name, rank in ranks.most_common(TEST_FILES) if rank]


def is_noticed(mutant, copy):
    """Return whether a test fails on a mutant, or doesn't end."""
    file = copy / mutant.module
    original = file.read_text(encoding="utf-8")
    file.write_text(mutant.code, encoding="utf-8")
    try:
        return not tests_pass(copy, tests_of(mutant.module))
    finally:
        file.write_text(original, encoding="utf-8")


def tests_pass(copy, files):
    """Return whether pytest passes in the copy, in a process of its own."""
    child = os.fork()
    if child == 0:
        os.chdir(copy)
        os.setsid()
        sys.path[:0] = [str(copy), str(copy / "tests"), str(copy / "tools")]
        sys.dont_write_bytecode = True
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        plugins = [f"-pno:{name}" for name in ("cacheprovider", "nbval", "xdist")]
        options = ["-xq", "--assert=plain", "-oaddopts=-m 'not slow and not frameworks'"]
        options += [f"-otimeout={SECONDS_PER_TEST}", "--hypothesis-seed=1", *plugins]
        os._exit(any(pytest.main([*options, name]) for name in files))
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def main(count=300, *words):
    """Print each unnoticed mutant as it is found, and then how many were noticed, by module."""
    modules = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "nnlib").rglob("*.py"))
    modules = [name for name in modules if not any(word in name for word in EXCLUDED)]
    modules = [name for name in modules if not words or any(word in name for word in words)]
    everything = [place for module in modules for place in places(module)]
    random.Random(1).shuffle(everything)
    mutants = filter(None, (make(*place) for place in everything))
    noticed = {module: [] for module in modules}
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(ROOT, Path(folder) / "course", ignore=NOT_COPIED)
        for module in modules:
            if not tests_pass(copy, tests_of(module)):
                sys.exit(f"without any mutant, a test fails of {', '.join(tests_of(module))}")
        for k, mutant in zip(range(1, int(count) + 1), mutants):
            print(f"{k} of {count}", end="\r", file=sys.stderr, flush=True)
            noticed[mutant.module].append(is_noticed(mutant, copy))
            if not noticed[mutant.module][-1]:
                print(f"{mutant.module}:{mutant.line}  {mutant.old}  →  {mutant.new}", flush=True)
    for module, results in noticed.items():
        print(f"{module:32} {sum(results):4} of {len(results):4} noticed")
    tried = sum(map(len, noticed.values()))
    share = sum(map(sum, noticed.values())) / max(tried, 1)
    print(f"{share:.1%} of {tried} mutants, drawn from {len(everything)}, were noticed")
    return share < 0.95


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
