"""Every small slip of the pen in a function's source: a term left out, one name for another, …

The formulas of the exercises are short, and most wrong answers are the right one with one thing
changed. All these changes are made here, by machine, each with its words.
"""

import ast
import inspect
import textwrap
from contextlib import suppress
from functools import cache

INSTEAD = {  # what is taken for one another
    "sum": ("mean",),
    "mean": ("sum", "median"),
    "amax": ("amin", "sum", "mean"),
    "argmin": ("argmax",),
    "maximum": ("minimum",),
    "min": ("max",),
    "exp": ("exp2",),
}


def edited(function, old, new):
    """`function` with `new` in the place of `old` in its source, in which it must occur."""
    source = _source(function)
    if old not in source:
        raise ValueError(f"{old!r} is not in the source of {function.__name__}")
    return _compiled(ast.parse(source.replace(old, new)), function)


@cache
def _source(function):
    return textwrap.dedent(inspect.getsource(function))


@cache
def slips(function):
    """{words: changed function}; the words can follow "when"."""
    tree = ast.parse(_source(function))
    definition, found = tree.body[0], {}
    names = {argument.arg for argument in definition.args.args}
    for index, statement in enumerate(definition.body):
        for holder, key in [place for node in ast.walk(statement) for place in _places(node)]:
            node = holder[key]
            for new, words in _changes(node, names):
                holder[key] = ast.fix_missing_locations(new)
                found.setdefault(f"{words} {_where(statement)}", _compiled(tree, function))
            holder[key] = node
        for inside, text in _unbracketed(ast.unparse(statement)):
            definition.body[index] = _parsed(text, statement)
            words = f"the brackets around `{inside}` are missing {_where(statement)}"
            found.setdefault(words, _compiled(tree, function))
        definition.body[index] = statement
        names |= {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
    return found


def _unbracketed(text):
    """(what stands inside, the text without them) for each pair of brackets that groups."""
    opened = []
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place)
        elif sign == ")":
            start = opened.pop()
            if start and not (text[start - 1].isalnum() or text[start - 1] in "_]"):
                inside = text[start + 1 : place]
                yield inside, text[:start] + inside + text[place + 1 :]


def _parsed(text, otherwise):
    """The statement in a text, or another one where the text makes no sense."""
    with suppress(SyntaxError):
        return ast.parse(text).body[0]
    return otherwise


def _compiled(tree, function):
    names = {}
    code = compile(tree, f"<{function.__name__}, changed>", "exec")
    exec(code, function.__globals__, names)
    return names[function.__name__]


def _where(statement):
    if isinstance(statement, ast.Assign):
        return f"in the line of `{ast.unparse(statement.targets[0])}`"
    inside = {ast.Return: "in what is returned", ast.If: "in the line of `if`"}
    return inside.get(type(statement), "in the loop")


def _places(node):
    """(holder, key) of each child of a node: holder[key] is the child, and can be replaced."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            yield from ((value, i) for i in range(len(value)) if isinstance(value[i], ast.expr))
        elif isinstance(value, ast.expr):
            yield vars(node), field


def _changes(node, names):
    """(new node, words) for each slip at one place."""
    text = ast.unparse(node)
    match node:
        case ast.BinOp():
            yield from _changes_of_operator(node, text)
        case ast.Call():
            yield from _changes_of_call(node)
        case ast.UnaryOp(ast.USub(), operand):
            yield operand, f"the minus sign of `{text}` is missing"
        case ast.Attribute(value, "T"):
            yield value, f"the `.T` of `{text}` is missing"
        case ast.Subscript(value, ast.Constant(0 | 1 as index), ctx):
            new = ast.Subscript(value, ast.Constant(1 - index), ctx)
            yield new, f"`{ast.unparse(new)}` stands for `{text}`"
        case ast.Name(name, ast.Load()) if name in names:
            for other in sorted(names - {name}):
                yield ast.Name(other, ast.Load()), f"`{other}` stands for `{name}`"


SIGNS = {ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,)}


def _changes_of_operator(node, text):
    """The slips of `left op right`."""
    left, op, right = node.left, node.op, node.right
    a, b = ast.unparse(left), ast.unparse(right)
    if isinstance(op, (ast.Add, ast.Sub, ast.Mult)):
        yield left, f"`{b}` is left out"
        yield right, f"`{a}` is left out"
    if isinstance(op, ast.Div):
        yield left, f"the division by `{b}` is left out"
    if isinstance(op, ast.Pow):
        yield left, f"the power in `{text}` is left out"
        yield ast.BinOp(left, ast.Mult(), right), f"`{a}` is multiplied by {b}, not squared"
    if isinstance(op, (ast.Sub, ast.MatMult)):
        yield ast.BinOp(right, op, left), f"the two sides of `{text}` are swapped"
    if isinstance(op, ast.MatMult):
        yield ast.BinOp(left, ast.Mult(), right), f"`*` stands for `@` in `{text}`"
        for new in (ast.BinOp(_turned(left), op, right), ast.BinOp(left, op, _turned(right))):
            yield new, f"`{ast.unparse(new)}` stands for `{text}`"
    for other in SIGNS.get(type(op), ()):
        new = ast.BinOp(left, other(), right)
        yield new, f"`{ast.unparse(new)}` stands for `{text}`"


def _changes_of_call(node):
    """The slips of `function(arguments, keywords)`."""
    function, arguments, keywords = node.func, node.args, node.keywords
    name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
    if len(arguments) == 1:
        yield arguments[0], f"`{name}` is left out"
        yield ast.Call(function, [node], []), f"`{name}` is applied twice"
    for instead in INSTEAD.get(name, ()) if isinstance(function, ast.Attribute) else ():
        other = ast.Attribute(function.value, instead, ast.Load())
        yield ast.Call(other, arguments, keywords), f"`{instead}` stands for `{name}`"
    if name == "len":
        rows = ast.unparse(arguments[0])
        new = ast.parse(f"{rows}.shape[1]", mode="eval").body
        yield new, f"the columns of `{rows}` are counted, not its rows"
    for keyword in keywords:
        rest = [other for other in keywords if other is not keyword]
        yield ast.Call(function, arguments, rest), f"`{ast.unparse(keyword)}` is left out"
        if keyword.arg == "axis":
            other = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
            words = f"`{ast.unparse(other)}` stands for `{ast.unparse(keyword)}`"
            yield ast.Call(function, arguments, [*rest, other]), words


def _turned(node):
    return ast.Attribute(node, "T", ast.Load())
