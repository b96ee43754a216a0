"""What can be said about an error of Python's: where it was raised, on which values, and why."""

import ast
import re
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from nnlib.checks.attempt import Attempt
from nnlib.checks.compare import describe
from nnlib.checks.feedback import Feedback, message, table
from nnlib.checks.findings import inputs, wrong
from nnlib.checks.mutations import Source, words

SEEN = (UnboundLocalError, IndexError, KeyError, TypeError, ValueError)  # on the values
PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Tuple)
PLAIN += (ast.List, ast.Slice, ast.operator, ast.unaryop, ast.expr_context, ast.Call, ast.keyword)
# Calls that may be made once more: of NumPy's functions and methods, and a list's own.
KNOWN = re.compile(r"np\.|len$|.*\.(item|reshape|dot|remove|append|index|mean|sum|max|astype|T)$")


def raised(a: Attempt) -> Feedback | None:
    """An error, where it was raised, on which values, and what may help."""
    for k, outcome in enumerate(a.outcomes):
        error = outcome.error
        if error is None:
            continue
        line, code = place(error, a.function)
        what = f"{type(error).__name__}: {_first_line(error)}".rstrip(": .")
        feedback = wrong("errors.raised", a, error=what)
        feedback.code, feedback.line = code, line
        seen = _seen(error, a.function)
        feedback.mistakes = [*seen, *_advice(error, code, bool(seen))]
        feedback.sentences += feedback.mistakes
        feedback.rows = inputs(a, k)
        return feedback
    return None


def place(error: BaseException, function: Callable) -> tuple[int | None, str]:
    """Return the number and text of the learner's own line in which an error was raised."""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if code and frame.filename == code.co_filename]
    return (own[-1].lineno, (own[-1].line or "").strip()) if own else (None, "")


def _first_line(error: BaseException) -> str:
    """The error's text, without what only NumPy's authors understand."""
    text = next(iter(_text(error).strip().splitlines()), "")
    return text.partition(", with gufunc signature")[0][:200]


def _text(error: BaseException) -> str:
    with suppress(Exception):
        return str(error)
    return ""


def _advice(error: BaseException, code: str, seen: bool) -> list[str]:
    """A sentence that fits an error and the line that raised it, if there is one."""
    for item in table("errors.texts"):
        if item["text"] in _text(error) and re.search(item.get("code", ""), code):
            keys = [item["key"], *(["print"] if item.get("shapes") and not seen else [])]
            return [message(f"errors.says.{key}") for key in keys]
    names = [cls.__name__ for cls in type(error).__mro__][: 1 if seen else None]
    return [message(f"errors.types.{name}") for name in names if name in table("errors.types")][:1]


def _seen(error: BaseException, function: Callable) -> list[str]:
    """What the values at that moment tell: a missing entry, shapes, a name without a value."""
    source, frame = Source.of(function), None
    for one, number in traceback.walk_tb(error.__traceback__):
        if source and one.f_code is function.__code__:
            frame, line = one, number
    if frame is None or not isinstance(error, SEEN):
        return []
    if isinstance(error, UnboundLocalError):
        return _unbound(error, source, line)
    for node in _expressions(source, line):
        parts = _operands(node)
        try:
            values = [_value(part, frame) for part in parts]
        except Exception:  # no plain expression, or another error
            continue
        texts = [ast.unparse(part) for part in parts]
        try:
            _value(node, frame)
        except type(error):
            return _about(node, texts, values)
        except Exception:
            continue
    return []


def _unbound(error: BaseException, source: Source, line: int) -> list[str]:
    """Whether a name gets its value only in a later line, or in a branch that didn't run."""
    name = (re.findall(r"'(\w+)'", _text(error)) or [""])[0]
    nodes = [n for n in ast.walk(source.tree) if isinstance(n, ast.Name) and n.id == name]
    lines = [source.line(n) for n in nodes if isinstance(n.ctx, ast.Store)]
    if not lines:
        return []
    key = "later" if min(lines) > line else "own" if line in lines else "branch"
    return [message(f"errors.seen.{key}", name=name, line=min(lines))]


def _expressions(source: Source, line: int) -> Iterator[ast.AST]:
    """The expressions of a line, the innermost first."""
    nodes = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, (ast.Subscript, ast.BinOp, ast.AugAssign, ast.Call))
        and source.line(node) <= line <= source.line(node) + node.end_lineno - node.lineno
    ]
    return reversed(nodes)


def _operands(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.Subscript(value, ast.Tuple(indices)):
            return [value, *indices]
        case ast.Subscript(value, index):
            return [value, index]
        case ast.BinOp(left, _, right) | ast.AugAssign(left, _, right):
            return [left, right]
        case ast.Call(_, [ast.List(items) | ast.Tuple(items), *_]):
            return items
        case ast.Call(ast.Attribute(owner), arguments) if "np" not in words(ast.unparse(owner)):
            return [owner, *arguments]
    return node.args


def _value(node: ast.AST, frame: types.FrameType) -> Any:
    """The value of a plain expression; TypeError if it might call the learner's functions."""
    if not isinstance(node, ast.AugAssign):
        for inner in ast.walk(node):
            if not isinstance(inner, PLAIN):
                raise TypeError
            if isinstance(inner, ast.Call) and not KNOWN.match(ast.unparse(inner.func)):
                raise TypeError
    if isinstance(node, ast.AugAssign):
        node = ast.BinOp(node.target, node.op, node.value)
    if isinstance(node, ast.Slice):
        return slice(None)
    text = ast.unparse(node).replace("\n", " ")
    return eval(text, frame.f_globals, frame.f_locals)


def _about(node: ast.AST, texts: list[str], values: list) -> list[str]:
    """What is wrong with an expression, by the values of its operands."""
    if isinstance(node, ast.Subscript) and isinstance(values[0], (np.ndarray, list, tuple)):
        whole, *indices = values
        index = indices[0]
        details = {"name": texts[0], "code": ast.unparse(node), "count": len(whole)}
        if isinstance(index, np.ndarray) and index.size and index.dtype.kind in "iu":
            return [message("errors.seen.rows", index=texts[1], largest=index.max(), **details)]
        nodes = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        sizes = np.shape(whole) if isinstance(whole, np.ndarray) else (len(whole),)
        for axis, (size, number, part) in enumerate(zip(sizes, indices, nodes)):
            if isinstance(number, (int, np.integer)) and not -size <= number < size:
                key = "empty" if not size else "entry" if len(sizes) == 1 else "axis"
                keys = [key, "fixed"] if isinstance(part, ast.Constant) and size else [key]
                details |= {"last": size - 1, "axis": axis, "shape": sizes, "index": number}
                return [message(f"errors.seen.{key}", **details) for key in keys]
    parts = [(text, value) for text, value in zip(texts, values) if not text.isdigit()]
    what = [message("errors.seen.of", code=text, what=describe(value)) for text, value in parts]
    return [message("errors.seen.values", what="; ".join(what))] if what else []
