"""The rules of the house, for code that stays small and in one piece. Each failure says what to do.

Ruff and mypy read their settings in pyproject.toml.
"""

import ast
import functools
import graphlib
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nnlib

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "nnlib").rglob("*.py"))
TOOLS = sorted((ROOT / "tools").rglob("*.py"))
CODE = [*LIBRARY, *TOOLS, ROOT / "start.py", ROOT / "noxfile.py"]
CORE = ("activations", "costs", "network", "optimizers", "training", "gradcheck", "data")
MODULE_LINES, FUNCTION_LINES, LIBRARY_LINES = 400, 50, 14_860


def name_of(path):
    """The path as messages show it, also on Windows."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def assert_none(problems, advice):
    """No problem was found; else they are listed below the advice."""
    assert not problems, "\n".join(["", advice, *map(str, problems)])


@pytest.mark.parametrize(
    ("tool", "advice"),
    [
        (["ruff", "check", "--no-cache", "--output-format=concise", "."], "ruff check --fix ."),
        (["ruff", "format", "--no-cache", "--check", "."], "ruff format ."),
        (["mypy"], "the types of the core's functions must fit: mypy"),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value[:2]),
)
def test_the_tools_find_nothing(tool, advice):
    result = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True)
    found = re.findall(r"^(?:.* )?(\S+\.(?:py|ipynb)\b.*)$", result.stdout, re.MULTILINE)
    assert_none(found, f"In .venv/bin: {advice}")
    assert result.stdout or not result.returncode, result.stderr


def lines(path):
    """The number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_short():
    long = [name_of(path) for path in CODE if lines(path) > MODULE_LINES]
    assert_none(long, f"A module has one noun and at most {MODULE_LINES} lines: split it")
    total = sum(map(lines, LIBRARY))
    assert total <= LIBRARY_LINES, (
        f"nnlib has {total} lines, of {LIBRARY_LINES} at most: take out what isn't needed any more,"
        " or say in the commit why LIBRARY_LINES in tests/test_style.py has to grow"
    )


def test_functions_fit_on_a_screen():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}, {length} lines"
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
        and (length := node.end_lineno - node.lineno + 1) > FUNCTION_LINES
    ]
    assert_none(long, f"A function has at most {FUNCTION_LINES} lines: move a part out, by name")


# ---------------------------------------------------------------------------------------- imports


def module_name(path):
    """nnlib.live.svg for nnlib/live/svg.py."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in LIBRARY}


def imports(path):
    """(module of nnlib, name in it or None, its name here, line) of each import in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None, alias.asname or alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            package = module_name(path).split(".")
            if path.name != "__init__.py":
                package.pop()
            package = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*package, *filter(None, [node.module])])
            for alias in node.names:
                here, inner = alias.asname or alias.name, f"{source}.{alias.name}"
                if inner in MODULES:
                    yield inner, None, here, node.lineno
                else:
                    yield source, alias.name, here, node.lineno


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def private_uses(path):
    """Where a file uses a private name of a module of nnlib."""
    modules = {}
    for source, name, here, line in imports(path):
        if name is None and source in MODULES:
            modules[here] = source
        elif name and source in MODULES and is_private(name):
            yield f"{name_of(path)}:{line} {source}.{name}"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            source = modules.get(ast.unparse(node.value))
            if source and source != module_name(path):
                yield f"{name_of(path)}:{node.lineno} {source}.{node.attr}"


def test_nobody_uses_a_private_name_of_another_module():
    everywhere = [*CODE, *sorted((ROOT / "tests").rglob("*.py"))]
    problems = [use for path in everywhere for use in private_uses(path)]
    advice = "Names with _ belong to their module: make the name public there, or test what it does"
    assert_none(problems, advice)


def test_imports_have_no_circle():
    graph = {
        name: {source for source, *_ in imports(path) if source in MODULES and source != name}
        for name, path in MODULES.items()
        if path in LIBRARY
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        pytest.fail(f"Move what they share into a module that imports neither: {circle}")


# ----------------------------------------------------------------------------- the core's functions


def public(module):
    """(name, function or class) of what a module of the core defines and offers."""
    for name, thing in vars(module).items():
        is_own = getattr(thing, "__module__", None) == module.__name__
        if is_own and not name.startswith("_") and callable(thing):
            yield f"{module.__name__}.{name}", thing


def functions(name, thing):
    """A function itself, or the public methods of a class."""
    if inspect.isfunction(thing):
        yield name, thing
    else:
        for key, value in vars(thing).items():
            value = getattr(value, "__func__", value)  # a class method's function
            if not key.startswith("_") and inspect.isfunction(value):
                yield f"{name}.{key}", value


@pytest.mark.parametrize("module", CORE)
def test_the_core_has_hints_and_docstrings(module):
    module, problems = importlib.import_module(f"{nnlib.__name__}.{module}"), []
    found = list(public(module))
    assert found
    for name, thing in found:
        if not inspect.getdoc(thing):
            problems.append(f"{name} has no docstring")
        for function_name, function in functions(name, thing):
            signature = inspect.signature(inspect.unwrap(function))
            bare = [
                key
                for key, parameter in signature.parameters.items()
                if parameter.annotation is inspect.Parameter.empty and key not in ("self", "cls")
            ]
            if bare or signature.return_annotation is inspect.Signature.empty:
                problems.append(
                    f"{function_name} has no hint for {', '.join(bare) or 'its result'}"
                )
    assert_none(problems, "What a learner imports says what it takes, returns and does")


def test_a_tool_is_not_called_like_a_module_of_pythons_library():
    """A script's folder comes first on the path."""
    clash = sys.stdlib_module_names & {path.stem for path in TOOLS}
    assert_none(clash, "Rename it: Python and its packages would import it instead of their own")
