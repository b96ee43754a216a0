"""The rules of edits.toml: patterns of code, what they match, and what takes its place."""

import ast
import functools
import re
from typing import Any

from nnlib import texts

WILDCARDS = "ABCF"
ANY_OPERATOR = {ast.LShift: "<<", ast.RShift: ">>"}  # in a rule
ATOMS = ("len", "range", "int", "float")  # functions whose brackets nobody misplaces


@functools.cache
def expression(text: str) -> ast.expr:
    """Return the node of an expression."""
    return ast.parse(text, mode="eval").body


@functools.cache
def rules() -> dict[str, list[tuple]]:
    """Return (number, kind, pattern, template) of every rule, by the type of the pattern's root."""
    found: dict[str, list[tuple]] = {}
    written = [
        (kind, text)
        for kind, item in texts.load("nnlib.checks", "edits.toml").items()
        for text in item.get("rules", ())
    ]
    for number, (kind, text) in enumerate(written):
        whole = re.search(r"return |\b\w = ", text)  # a rule for statements
        parse = statement if whole else expression
        pattern, template = map(parse, text.split(" -> "))
        found.setdefault(root(pattern), []).append((number, kind, pattern, template))
    return found


def statement(text: str) -> ast.stmt:
    """Return the node of a statement."""
    return ast.parse(text).body[0]


def root(node: ast.AST) -> str:
    """Return the type of a node, by which `rules` finds the rules for it."""
    return type(node).__name__


def is_atom(bound: dict) -> bool:
    """Return whether brackets around it can't be in the wrong place: of `len(...)`, or a number."""
    parts = [bound.get(letter) for letter in "BF"]
    return any(isinstance(p, ast.Constant) or getattr(p, "id", "") in ATOMS for p in parts)


def _wildcard(node: Any) -> str:
    """The letter of a wildcard: a name, or what is starred."""
    node = node.value if isinstance(node, (ast.Starred, ast.keyword)) else node
    name = node.id if isinstance(node, ast.Name) else node
    return name if isinstance(name, str) and len(name) == 1 and name in WILDCARDS else ""


def matches(pattern: Any, node: Any, bound: dict) -> bool:
    """Return whether a node is of the form of a pattern; `bound` gets what its wildcards are."""
    letter = _wildcard(pattern) if not isinstance(pattern, (ast.Starred, ast.keyword)) else ""
    if letter:
        known = bound.setdefault(letter, node)
        same = isinstance(known, ast.AST) and type(known) is type(node)
        return known == node or (same and ast.unparse(known) == ast.unparse(node))
    if type(pattern) in ANY_OPERATOR:
        return isinstance(node, ast.operator) and bound.setdefault(type(pattern), node) is node
    if isinstance(pattern, list):
        return isinstance(node, list) and _match_lists(pattern, node, bound)
    if not isinstance(pattern, ast.AST):
        return pattern == node
    fields = [field for field in pattern._fields if field != "ctx"]
    return type(pattern) is type(node) and all(
        matches(getattr(pattern, field), getattr(node, field), bound) for field in fields
    )


def _match_lists(pattern: list, nodes: list, bound: dict) -> bool:
    """The same for lists, such as arguments; *A takes what is left, **C the other keywords."""
    rest = [one for one in pattern if isinstance(one, ast.Starred)]
    rest += [one for one in pattern if isinstance(one, ast.keyword) and one.arg is None]
    if pattern and isinstance(pattern[0], ast.keyword):
        named = {one.arg: one for one in nodes}
        for one in pattern:
            if one.arg and not (one.arg in named and matches(one, named.pop(one.arg), bound)):
                return False
        left = list(named.values())
    else:
        fixed = [one for one in pattern if one not in rest]
        if len(nodes) < len(fixed) or not all(matches(*pair, bound) for pair in zip(fixed, nodes)):
            return False
        left = nodes[len(fixed) :]
    if rest:
        bound[f"*{_wildcard(rest[0])}"] = left
    return bool(rest) or not left


def filled(template: Any, bound: dict) -> Any:
    """Return the template with what the wildcards stand for."""
    if isinstance(template, list):
        items = []
        for one in template:
            starred = isinstance(one, ast.Starred) or getattr(one, "arg", "") is None
            many = bound.get(f"*{_wildcard(one)}") if starred else None
            items += [filled(one, bound)] if many is None else many
        return items
    letter = _wildcard(template) if not isinstance(template, (ast.Starred, ast.keyword)) else ""
    if letter:
        node = bound[letter]
        differs = hasattr(node, "ctx") and type(node.ctx) is not type(
            getattr(template, "ctx", node.ctx)
        )
        return type(node)(**{**vars(node), "ctx": template.ctx}) if differs else node
    if type(template) in ANY_OPERATOR:
        return bound[type(template)]
    if not isinstance(template, ast.AST):
        return template
    fields = {field: filled(getattr(template, field), bound) for field in template._fields}
    return ast.copy_location(type(template)(**fields), template) if fields else template
