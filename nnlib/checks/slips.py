"""Every small slip of the pen in a function's source: a term left out, one name for another, …

The formulas of the exercises are short, and most wrong answers are the right one with one thing
changed. All these changes are made here, by machine, each with its words.
"""

import ast
import inspect
import textwrap
from functools import cache

INSTEAD = {  # what is taken for one another
    "sum": "mean",
    "mean": "sum",
    "amax": "amin",
    "argmin": "argmax",
    "maximum": "minimum",
    "min": "max",
}


def edited(function, old, new):
    """`function` with `new` in the place of `old` in its source, in which it must occur."""
    source = textwrap.dedent(inspect.getsource(function))
    if old not in source:
        raise ValueError(f"{old!r} is not in the source of {function.__name__}")
    return _compiled(ast.parse(source.replace(old, new)), function)


@cache
def slips(function):
    """{words: changed function}; the words can follow "when"."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition, found = tree.body[0], {}
    names = {argument.arg for argument in definition.args.args}
    for statement in definition.body:
        for holder, key in [place for node in ast.walk(statement) for place in _places(node)]:
            node = holder[key]
            for new, words in _changes(node, names):
                holder[key] = new
                found.setdefault(f"{words} {_where(statement)}", _compiled(tree, function))
            holder[key] = node
        names |= {
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
    return found


def _compiled(tree, function):
    names = {}
    code = compile(ast.fix_missing_locations(tree), f"<{function.__name__}, changed>", "exec")
    exec(code, function.__globals__, names)
    return names[function.__name__]


def _where(statement):
    if isinstance(statement, ast.Assign):
        return f"in the line of `{ast.unparse(statement.targets[0])}`"
    return "in what is returned" if isinstance(statement, ast.Return) else "in the loop"


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
        case ast.BinOp(left, op, right):
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
                for new in (
                    ast.BinOp(_turned(left), op, right),
                    ast.BinOp(left, op, _turned(right)),
                ):
                    yield new, f"`{ast.unparse(new)}` stands for `{text}`"
            for other in SIGNS.get(type(op), ()):
                new = ast.BinOp(left, other(), right)
                yield new, f"`{ast.unparse(new)}` stands for `{text}`"
            if isinstance(op, (ast.Mult, ast.Div)) and _is_sum(right):
                first = ast.BinOp(left, op, right.left)
                yield (
                    ast.BinOp(first, right.op, right.right),
                    f"the brackets of `({b})` are missing",
                )
            if isinstance(op, (ast.Mult, ast.Div)) and _is_sum(left):
                last = ast.BinOp(left.right, op, right)
                yield ast.BinOp(left.left, left.op, last), f"the brackets of `({a})` are missing"
        case ast.UnaryOp(ast.USub(), operand):
            yield operand, f"the minus sign of `{text}` is missing"
        case ast.Attribute(value, "T"):
            yield value, f"the `.T` of `{text}` is missing"
        case ast.Call(function, arguments, keywords):
            name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
            if len(arguments) == 1:
                yield arguments[0], f"`{name}` is left out"
            if name in INSTEAD and isinstance(function, ast.Attribute):
                other = ast.Attribute(function.value, INSTEAD[name], ast.Load())
                words = f"`{INSTEAD[name]}` stands for `{name}`"
                yield ast.Call(other, arguments, keywords), words
            for keyword in keywords:
                rest = [other for other in keywords if other is not keyword]
                words = f"`{ast.unparse(keyword)}` is left out"
                yield ast.Call(function, arguments, rest), words
                if keyword.arg == "axis":
                    other = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
                    words = f"`{ast.unparse(other)}` stands for `{ast.unparse(keyword)}`"
                    yield ast.Call(function, arguments, [*rest, other]), words
        case ast.Subscript(value, ast.Constant(0 | 1 as index), ctx):
            new = ast.Subscript(value, ast.Constant(1 - index), ctx)
            yield new, f"`{ast.unparse(new)}` stands for `{text}`"
        case ast.Name(name, ast.Load()) if name in names:
            for other in sorted(names - {name}):
                yield ast.Name(other, ast.Load()), f"`{other}` stands for `{name}`"


SIGNS = {ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,)}


def _turned(node):
    return ast.Attribute(node, "T", ast.Load())


def _is_sum(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
