"""Mutation testing: is every small change of nnlib's logic noticed by the quick tests?

Run it with `uvx nox -s mutants`, or in the environment of the tests, with Cosmic Ray added, as
`python tests/mutants.py [how many] [words in the names of the modules]`. It needs `os.fork`.

Cosmic Ray knows the changes: one operator, comparison, number, `not`, `and`, loop, decorator … at a
time. Left out are shifts and bit operators in the place of arithmetic, on which any call fails, and
changes that Python cannot read. Of the rest a sample is drawn, the same for the same code. Each
change is made in a copy of the repository, and the tests of its module run until one fails.

Changes that no test notices are survivors. Those that change nothing for anybody are listed with
the reason in mutants.md; the others want a test.

What draws is compared with tests/drawn. The playground's controls stay out, which the browser tests
handle, and the catalogues of exercises: a mistake that is changed a little is another, and as good.
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
from itertools import islice, starmap
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
# The tests of each module, the quickest first; of test_faults.py those that call the module.
TESTS = {
    "_diagrams.py": ["plots"],
    "_doors.py": ["network", "data", "training", "faults"],
    "_figures.py": ["plots"],
    "_landscapes.py": ["plots"],
    "_progress.py": ["training"],
    "_samples.py": ["plots"],
    "activations.py": ["network", "gradients", "faults"],
    "checks/__init__.py": ["checks"],
    "checks/compare.py": ["checks_parts"],
    "checks/diagnosis.py": ["diagnosis", "checks_parts", "checks"],
    "checks/exercise.py": ["checks_parts", "checks"],
    "checks/record.py": ["checks_parts"],
    "checks/rehearsal.py": ["checks_parts"],
    "checks/slips.py": ["checks_parts"],
    "checks/trial.py": ["checks_parts"],
    "costs.py": ["network", "gradients", "faults"],
    "data.py": ["data", "circumstances", "faults"],
    "frameworks.py": ["frameworks"],
    "gradcheck.py": ["gradients", "faults"],
    "live/code.py": ["live_playground"],
    "live/describe.py": ["live_playground"],
    "live/explorers.py": ["live_pictures", "live_explorers"],
    "live/learner.py": ["live_learner"],
    "live/playground.py": ["live_playground", "live_settings"],
    "live/render/diagrams.py": ["live_pictures", "live_explorers"],
    "live/render/frame.py": ["live_playground"],
    "live/render/svg.py": ["live_pictures"],
    "live/settings.py": ["live_settings", "live_simulation"],
    "live/simulation.py": ["live_simulation", "live_learner"],
    "live/sweep.py": ["live_simulation", "live_playground"],
    "live/widget.py": ["live_playground", "live_explorers"],
    "network.py": ["network", "gradients", "faults", "training"],
    "optimizers.py": ["training", "faults"],
    "plots.py": ["plots"],
    "quiz/__init__.py": ["quiz"],
    "training.py": ["training", "faults"],
}
LONG = "read_only or in_a_notebook or is_here or sizes0 or sizes2 or sizes3 or third_of"
LONG += " or (test_faults and (checks or (plots and not descent)))"
SENSELESS = re.compile(r"Binary\w*_(RShift|LShift|BitOr|BitAnd|BitXor)|BinaryOperator_Bit")
SECONDS, SECONDS_A_TEST = 300, 60


class Mutant(NamedTuple):
    """One change of one line of a module: `code` is the module's whole source with it."""

    module: str
    line: int
    old: str
    new: str
    code: str

    def __str__(self):
        return f"{self.module}: `{self.old}` → `{self.new}`"


def places(module):
    """(module, operator, occurrence) of every change of a module that Cosmic Ray knows."""
    tree = get_ast((ROOT / "nnlib" / module).read_text(encoding="utf-8"))
    for name in sorted(operator_names()):
        operator_class = get_operator(name)
        if operator_class.arguments() or SENSELESS.search(name):
            continue
        count = sum(len([*operator_class().mutation_positions(node)]) for node in ast_nodes(tree))
        yield from ((module, operator_class(), occurrence) for occurrence in range(count))


def made(module, operator, occurrence):
    """The Mutant; None if Python cannot read it."""
    source = (ROOT / "nnlib" / module).read_text(encoding="utf-8")
    code = mutate_code(source, operator, occurrence)
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(code, module, "exec")
    except SyntaxError:
        return None
    old, new = source.splitlines(), code.splitlines()
    line = next((k for k, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), len(new) - 1)
    return Mutant(module, line + 1, old[line].strip(), new[line].strip(), code)


def dies(mutant, copy):
    """Whether a test fails on a mutant, or does not end."""
    file = copy / "nnlib" / mutant.module
    good = file.read_text(encoding="utf-8")
    file.write_text(mutant.code, encoding="utf-8")
    try:
        return run(copy, mutant.module) != 0
    finally:
        file.write_text(good, encoding="utf-8")


def run(copy, module):
    """The exit status of pytest on the tests of a module in the copy, in a process of its own."""
    own = module.removesuffix(".py")
    chosen = f"not ({LONG})"
    chosen += " and (not test_faults or not train and not gradcheck)" * (own == "_doors")
    chosen += f" and (not test_faults or {own})" * (own != "_doors")
    child = os.fork()
    if child == 0:
        os.chdir(copy)
        os.setsid()
        sys.path[:0] = [str(copy), str(copy / "tests")]
        sys.dont_write_bytecode = True
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        plugins = [f"-pno:{name}" for name in ("cacheprovider", "nbval", "xdist")]
        options = ["-xq", "--assert=plain", "-oaddopts=", *plugins, "--hypothesis-seed=1"]
        options += [f"-otimeout={SECONDS_A_TEST}"]
        for name in TESTS[module]:
            status = pytest.main([*options, "-k", chosen, f"tests/test_{name}.py"])
            if status != pytest.ExitCode.OK:
                os._exit(1)
        os._exit(0)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "it ran for ever"


def main(count=300, *words):
    """Print each survivor as it is found, and at the end how many died, by module."""
    modules = [name for name in TESTS if not words or any(word in name for word in words)]
    if not modules:
        sys.exit(f"there is no such module; there are {', '.join(TESTS)}")
    everything = [place for module in modules for place in places(module)]
    random.Random(1).shuffle(everything)
    sample = [*islice(filter(None, starmap(made, everything)), int(count))]
    listed = (ROOT / "tests" / "mutants.md").read_text(encoding="utf-8")
    deaths, unlisted = {module: [] for module in modules}, 0
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(ROOT, Path(folder) / "course", ignore=NOT_COPIED)
        failing = [module for module in modules if run(copy, module) != 0]
        if failing:
            sys.exit(f"without any mutant, the tests fail of {', '.join(failing)}")
        for k, mutant in enumerate(sample, start=1):
            print(f"{k} of {len(sample)}", end="\r", file=sys.stderr, flush=True)
            dead = dies(mutant, copy)
            deaths[mutant.module].append(dead)
            if not dead:
                harmless = str(mutant) in listed
                unlisted += not harmless
                known = "harmless, as listed" if harmless else "not listed"
                print(f"{k}: line {mutant.line} of {mutant} survives, {known}", flush=True)
    for module, dead in deaths.items():
        print(f"{module:18} {sum(dead):4} of {len(dead):4} died")
    share = sum(map(sum, deaths.values())) / len(sample)
    print(f"{share:.1%} of {len(sample)} mutants, drawn from {len(everything)}, died")
    return share < 0.95 or unlisted > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
