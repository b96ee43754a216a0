"""Small edits of a function's source, by the rules of edits.toml: a sign, a name, a line's place, …

They are used both ways. Edits of the right answer make mistakes that learners may have made; edits
of a learner's function are tried as repairs: the one that makes it right shows what is wrong.
"""

import ast
import builtins
import copy
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from nnlib import texts
from nnlib.checks.feedback import message, table
from nnlib.checks.patterns import expression, filled, is_atom, matches, root, rules, statement

SETTINGS = ("axis", "axis_missing", "axis_extra", "keepdims", "keyword", "column")
LOOP = (ast.For, ast.While)
KINDS = list(texts.load("nnlib.checks", "edits.toml"))


class Edit(NamedTuple):
    """One edit of a function's source.

    `kind` is its table in edits.toml, `line` the number of the line in its file or cell, `old` and
    `new` are the nodes; `sites` says what to replace: (holder, key, new), where a key of None
    stands for all the contents of a list. Edits with the same `rule` are slips of the same kind."""

    kind: str
    line: int
    old: ast.AST
    new: ast.AST | None
    sites: tuple
    rule: Any = None

    def has(self, flag: str) -> bool:
        """Return whether a repair of this kind is, say, `certain`: see edits.toml."""
        return bool(table(f"{self.kind}.{flag}", "edits"))

    def texts(self) -> tuple[str, str]:
        """Return the old and the new code, the first line of it."""
        nodes = (self.old, self.new or ast.Pass())
        return tuple(ast.unparse(node).splitlines()[0] for node in nodes)


def slip_says(edit: Edit, names: Collection[str]) -> str:
    """Return a sentence about a slip, with no other names in it than `names`, and numbers."""
    left_out = edit.kind in ("extra", "extra_call")
    key, part = ("missing", _left_out(edit)) if left_out else ("instead", edit.new)
    text = ast.unparse(part) if part else ""
    own = {word for word in words(text) if not word[0].isdigit()}
    public = text.startswith("np.") or own <= {*names, "len"}
    if table(f"{edit.kind}.{key}", "edits") and text and public and len(text) < 20:
        return message(f"{edit.kind}.{key}", "edits", part=text)
    return message(f"{edit.kind}.slip", "edits")


def _left_out(edit: Edit) -> ast.expr | None:
    """The operand or function that an edit has removed."""
    if isinstance(edit.old, ast.Call):
        return edit.old.func
    if not isinstance(edit.old, ast.BinOp):
        return None
    return edit.old.right if edit.new is edit.old.left else edit.old.left


def words(text: str) -> list[str]:
    """Return the names and numbers in some code."""
    return re.findall(r"\w+", text)


class Source:
    """A function's source, which can be compiled with some edits applied."""

    def __init__(self, function: Callable):
        lines, self.first_line = inspect.getsourcelines(function)
        self.lines = textwrap.dedent("".join(lines)).splitlines()
        tree = ast.parse("\n".join(self.lines).strip().removesuffix(","))
        self.definition = _definition(tree, function)
        self.definition.decorator_list = []
        self.tree = ast.fix_missing_locations(ast.Module([self.definition], []))
        self.arguments = [argument.arg for argument in self.definition.args.args]
        names = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name)]
        self.reads = Counter(node.id for node in names if isinstance(node.ctx, ast.Load))
        self.namespace = dict(function.__globals__)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            with suppress(ValueError):
                self.namespace[name] = cell.cell_contents

    @classmethod
    def of(cls, function: Callable) -> "Source | None":
        """Return the Source of a function; None if it has none that can be read."""
        try:
            return cls(function)
        except (OSError, TypeError, SyntaxError, ValueError, AttributeError, IndexError):
            return None

    def text(self, line: int) -> str:
        """Return the source of a line, by its number in the file or cell."""
        index = line - self.first_line
        return self.lines[index].strip() if 0 <= index < len(self.lines) else ""

    def compiled(self, *edits: Edit) -> Callable | None:
        """Return the function with these edits; None if they make no sense together."""
        with suppress(SyntaxError, TypeError, ValueError, KeyError, IndexError, RecursionError):
            names: dict[str, Any] = {}
            with _applied(edits):
                code = compile(self.tree, f"<{self.definition.name}, edited>", "exec")
            exec(code, self.namespace, names)
            return names[self.definition.name]
        return None

    def after(self, edit: Edit) -> "Source":
        """Return the Source of the function with an edit, whose lines keep their numbers."""
        new = copy.copy(self)
        with _applied([edit]):
            new.tree = copy.deepcopy(self.tree)
        new.definition = new.tree.body[0]
        return new

    def numbers(self) -> list[float]:
        """Return the numbers in the source."""
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.Constant)]
        return [node.value for node in nodes if type(node.value) in (int, float)]

    def edits(self, numbers: tuple = (), cases: tuple = ((),)) -> list[Edit]:
        """Return all edits in the order of their kinds, also those made at all like places at once.

        `numbers`, and what follows from the arguments of the first of `cases`, may take the place
        of numbers.
        """
        counts = [text for pair in zip(self.arguments, cases[0]) for text in _counts(*pair)]
        self.lists = {
            name
            for case in cases
            for name, value in zip(self.arguments, case)
            if not isinstance(value, np.ndarray)
        }
        single, groups = [], {}
        for holder, key, node in self._expressions():
            for kind, rule, new in self._variants(node, numbers, counts):
                ast.copy_location(new, node)
                edit = Edit(kind, self.line(node), node, new, ((holder, key, new),), rule)
                single.append(edit)
                groups.setdefault((kind, rule, ast.dump(node)), []).append(edit)
                if kind in SETTINGS:  # in different calls
                    groups.setdefault((kind, rule), []).append(edit)
        everywhere = [
            same[0]._replace(sites=tuple(site for edit in same for site in edit.sites))
            for same in (sorted(group, key=lambda edit: edit.line) for group in groups.values())
            if len(same) > 1
        ]
        return sorted([*everywhere, *single, *self._moves()], key=lambda e: KINDS.index(e.kind))

    def line(self, node: ast.AST) -> int:
        """Return the number of a node's line in its file or cell."""
        return node.lineno + self.first_line - 1

    def _expressions(self) -> Iterator[tuple]:
        """(holder, key, node) of every expression in the body: holder[key] is the node."""
        waiting = list(self.definition.body)
        while waiting:
            node = waiting.pop(0)
            for field, value in ast.iter_fields(node):
                items = enumerate(value) if isinstance(value, list) else [(field, value)]
                holder = value if isinstance(value, list) else vars(node)
                for key, child in items:
                    if isinstance(child, ast.expr) and not isinstance(
                        getattr(child, "ctx", None), (ast.Store, ast.Del)
                    ):
                        child.around = node if isinstance(node, ast.expr) else child
                        yield holder, key, child
                    if isinstance(child, ast.AST):
                        waiting.append(child)

    def _variants(
        self, node: ast.expr, numbers: tuple, counts: list[str]
    ) -> Iterator[tuple[str, Any, ast.expr]]:
        """(kind, rule, new node) for each edit of one expression."""
        for number, kind, pattern, template in rules().get(root(node), ()):
            bound: dict[str, Any] = {}
            if matches(pattern, node, bound) and not (kind == "brackets" and is_atom(bound)):
                yield kind, number, filled(template, bound)
        if isinstance(node, ast.BinOp):
            yield from (("brackets", text, expression(text)) for text in _bracketed(node))
        match node:
            case ast.Call(ast.Attribute(owner, name) as function, arguments, keywords):
                groups = texts.load("nnlib.checks", "edits.toml")["function"]["alike"]
                for other in [one for group in groups if name in group for one in group]:
                    attribute = ast.Attribute(owner, other, ast.Load())
                    call = ast.Call(ast.copy_location(attribute, function), arguments, keywords)
                    yield "function", other, call
            case ast.Call(ast.Name("len")) | ast.Subscript(ast.Attribute(attr="shape")):
                sizes = [text for text in counts if text in self.arguments]
                yield from (("size", text, expression(text)) for text in sizes)
            case ast.Name(name):
                yield from self._other_names(name, node)
            case ast.Constant(value) if type(value) in (int, float):
                if abs(value - np.e) < 0.02:
                    yield "digits_of_e", "", expression("np.e")
                if value not in (0, 1):
                    yield from (("constant", text, expression(text)) for text in counts)
                near = (value + 1, value - 1) if isinstance(value, int) else ()
                others = [number for number in dict.fromkeys([*numbers, *near]) if number != value]
                yield from (("number", number, ast.Constant(number)) for number in others)

    def _other_names(self, name: str, node: ast.Name) -> Iterator[tuple[str, Any, ast.expr]]:
        nodes = ast.walk(self.definition)
        stored = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        local = dict.fromkeys([*self.arguments, *stored])
        if name in self.arguments and name not in self.lists:
            for counter in self._counters():
                yield "whole", counter, expression(f"{name}[{counter}]")
        if name in local:
            needed = name in self.arguments and self.reads[name] == 1  # else nothing would read it
            taken = {name, *_in_call(node)}
            others = [] if needed else [("name", other) for other in local if other not in taken]
        else:
            value = self.namespace.get(name)
            known = value is None or hasattr(builtins, name) or inspect.ismodule(value)
            others = [] if known else [("global", argument) for argument in self.arguments]
        yield from ((kind, other, ast.Name(other, ast.Load())) for kind, other in others)
        if name in self.arguments:
            kinds = ("array", "array_of_floats") if name in self.lists else ("copy", "floats")
            yield kinds[0], "", expression(f"np.array({name})")
            yield kinds[1], "", expression(f"np.array({name}, dtype=float)")

    def _counters(self) -> list[str]:
        """The names that loops and comprehensions count with."""
        nodes = ast.walk(self.definition)
        loops = [node for node in nodes if isinstance(node, (ast.For, ast.comprehension))]
        return [loop.target.id for loop in loops if isinstance(loop.target, ast.Name)]

    def _moves(self) -> Iterator[Edit]:
        """Edits of whole statements, and of the names that a loop gives to each pair."""
        body = self.definition.body
        arrays = [name for name in self.arguments if name not in self.lists]
        flat = [statement(f"{name} = np.ravel({name})") for name in arrays]
        yield Edit("flat", 0, body[0], None, ((body, None, [*flat, *body]),))
        for owner in ast.walk(self.definition):
            target = getattr(owner, "target", None)
            if isinstance(target, ast.Tuple) and len(target.elts) == 2:
                site = (target.elts, None, target.elts[::-1])
                yield Edit("targets", self.line(target), target, target, (site,))
            for field in ("body", "orelse"):
                body = getattr(owner, field, None)
                if isinstance(body, list):
                    for k, one in enumerate(body):
                        for kind, new, *moved in _moved(body, k, isinstance(owner, LOOP)):
                            line = self.line(moved[0] if moved else one)
                            new = [ast.fix_missing_locations(one) for one in new]
                            site = (body, None, new)
                            yield Edit(kind, line, one, None, (site,))


@contextmanager
def _applied(edits: Sequence[Edit]) -> Iterator[None]:
    """The edits are made in the tree, and undone again."""
    undo = []
    try:
        for holder, key, new in (site for edit in edits for site in edit.sites):
            key = slice(None) if key is None else key
            undo.append((holder, key, holder[key]))
            holder[key] = new
        yield
    finally:
        for holder, key, old in reversed(undo):
            holder[key] = old


def _counts(name: str, value: Any) -> list[str]:
    """Numbers that follow from an argument, as code."""
    if isinstance(value, (int, float)):
        return [name, f"1 - {name}"] if isinstance(value, float) else [name]
    if isinstance(value, np.ndarray):
        return [f"len({name})", f"{name}.shape[1]"][: value.ndim]
    return [f"len({name})"] if isinstance(value, (tuple, list)) else []


def _in_call(node: ast.Name) -> set[str]:
    """The names in a call such as `a.append(b)`: NumPy never ends with a list that holds itself."""
    call = (
        node.around if isinstance(node.around, ast.Call) else getattr(node.around, "around", None)
    )
    grows = isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("append", "insert")
    return {n.id for n in ast.walk(call) if isinstance(n, ast.Name)} if grows else set()


def _bracketed(node: ast.BinOp) -> Iterator[str]:
    """The same terms and signs, with brackets around each two or three neighbours."""
    if isinstance(node.left, ast.BinOp) or isinstance(node.right, ast.BinOp):
        terms = re.split(r" ([-+*/@]|\*\*) (?![^(\[]*[)\]])", ast.unparse(node))
        for k, width in product(range(0, len(terms) - 2, 2), (3, 5)):
            pair = f"({' '.join(terms[k : k + width])})"
            text = " ".join([*terms[:k], pair, *terms[k + width :]])
            with suppress(SyntaxError):
                ast.parse(text)
                yield text


def _definition(tree: ast.Module, function: Callable) -> ast.FunctionDef:
    """The definition of a function, or a lambda as one."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
            return node
        if isinstance(node, ast.Lambda) and tuple(a.arg for a in node.args.args) == names:
            body = ast.copy_location(ast.Return(node.body), node)
            new = ast.FunctionDef("answer", node.args, [body], [], type_params=[])
            return ast.copy_location(new, node)
    raise SyntaxError("no definition")


# ---------------------------------------------------------------------------- whole statements


def _moved(body: list, k: int, in_loop: bool) -> Iterator[tuple]:
    """(kind, new body), and perhaps what is moved, for each edit of statement k of a body."""
    one, before, after = body[k], body[:k], body[k + 1 :]
    for _, kind, pattern, template in rules().get(root(one), ()):
        bound: dict[str, Any] = {}
        if matches(pattern, one, bound):
            yield kind, [*before, ast.copy_location(filled(template, bound), one), *after]
    if after and not isinstance(after[0], ast.Return):  # nothing runs after a return
        yield "order", [*before, after[0], one, *after[1:]]
    if len(body) > 1 and not isinstance(one, (ast.Return, *LOOP)):
        yield "extra_line", [*before, *after]
    match one:
        case ast.For() | ast.While():
            yield from _around_loop(before, one, after)
        case ast.If(ast.Compare(left, [ast.Lt() | ast.Gt()], [right])) if in_loop:
            for old, new in ((right, left), (left, right)):
                if not isinstance(old, ast.Name):
                    continue
                update = ast.Assign([ast.Name(old.id, ast.Store())], new)
                fields = {**dict(ast.iter_fields(one)), "body": [*one.body, update]}
                yield "update", [*before, ast.copy_location(ast.If(**fields), one), *after]
        case ast.If():
            yield "condition", [*before, *one.body, *after]
        case ast.Break() if in_loop:
            yield "extra_line", [*before, ast.Pass(), *after]
        case ast.Assign([ast.Name() | ast.Subscript() as target], value) if in_loop:
            yield "accumulate", [*before, ast.AugAssign(target, ast.Add(), value), *after]
        case ast.AugAssign(target, op, value):
            yield "overwrite", [*before, ast.Assign([target], value), *after]
            for other in (ast.Add(), ast.Sub()):
                if type(other) is not type(op):
                    yield "sign", [*before, ast.AugAssign(target, other, value), *after]


def _around_loop(before: list, loop: ast.For, after: list) -> Iterator[tuple]:
    """Statements that stand inside a loop and belong around it, or the reverse."""

    def with_body(body):
        fields = {**dict(ast.iter_fields(loop)), "body": body or [ast.Pass()]}
        return ast.copy_location(type(loop)(**fields), loop)

    first, last = loop.body[0], loop.body[-1]
    if isinstance(last, ast.If) and last.orelse and isinstance(last.orelse[-1], ast.Return):
        test = ast.copy_location(ast.If(last.test, last.body, []), last)
        yield (
            "else_in_loop",
            [*before, with_body([*loop.body[:-1], test]), last.orelse[-1], *after],
            last.orelse[-1],
        )
    kind = "return_in_loop" if isinstance(last, ast.Return) else "after_loop"
    if not any(isinstance(node, ast.Continue) for node in ast.walk(loop)):
        yield kind, [*before, with_body(loop.body[:-1]), last, *after], last
    if isinstance(first, ast.Assign):
        yield "start_in_loop", [*before, first, with_body(loop.body[1:]), *after], first
    if after and not isinstance(after[0], ast.Return):
        yield "outside_loop", [*before, with_body([*loop.body, after[0]]), *after[1:]], after[0]
    if before and isinstance(before[-1], ast.Assign):
        yield "before_loop", [*before[:-1], with_body([before[-1], *loop.body]), *after], before[-1]
