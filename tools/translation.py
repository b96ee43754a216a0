"""Compare a translated notebook with the English one: `python tools/translation.py [notebook …]`.

Prints what has to be done in each notebook named, or in all of notebooks/*/: English cells that
changed, that are missing or in another order, and code that differs in more than its strings and
comments. Each cell keeps in its metadata a hash of the English cell that it translates. `--accept`
stores the hashes of today's English cells: use it when you've looked at each one that's listed.
`--new de 00` writes a copy of notebook 00 to translate into German.
"""

import argparse
import ast
import hashlib
import re
import sys
from pathlib import Path

import nbformat
from nbtools import FOLDER, TRANSLATIONS, cell_name, read, tags

OF = "translation_of"  # in a cell's metadata: the hash of the English cell
IMPORT, CALL = "from nnlib import texts", "texts.set_language({!r})"
LINK = re.compile(r"(?<=\]\()(?=[\w-]+\.ipynb)")
FENCE = re.compile(r"^```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)


class _WithoutWords(ast.NodeTransformer):
    """Takes the words out of strings; the values in f-strings stay, in any order."""

    def visit_Constant(self, node):
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node):
        values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        for part in values:
            part.value = self.visit(part.value)
        return ast.JoinedStr(sorted(values, key=ast.dump))

    def visit_Call(self, node):
        named = ast.unparse(node.func) in ("check", "progress", "quiz", "review")
        return node if named else self.generic_visit(node)


def code(source, language=""):
    """Return code without its words and comments, and without the lines that set the language."""
    tree = ast.parse(source)
    added = IMPORT, CALL.format(language)
    tree.body = [node for node in tree.body if ast.unparse(node) not in added]
    return ast.dump(_WithoutWords().visit(tree))


def digest(cell):
    """Return the short hash of a cell's source that its translation keeps."""
    return hashlib.sha256(cell.source.encode()).hexdigest()[:12]


def english_of(path):
    """Return the path of the English notebook that the one at `path` translates."""
    return FOLDER / path.name


def problems(translated, english, language):
    """Return a line for everything in which a translated notebook isn't up to date."""
    ids, wanted = ([cell.id for cell in notebook.cells] for notebook in (translated, english))
    found = [f"{name}: missing" for name in wanted if name not in ids]
    found += [f"{name}: there is no such English cell" for name in ids if name not in wanted]
    if not found and ids != wanted:
        found.append("the cells are in another order than in English")
    cells = {cell.id: cell for cell in translated.cells}
    for number, cell in enumerate(english.cells, 1):
        if cell.id in cells:
            name = cell_name(number, cell)
            found += [f"{name}: {what}" for what in _differences(cells[cell.id], cell, language)]
    first = next((cell.source for cell in translated.cells if cell.cell_type == "code"), "")
    if CALL.format(language) not in first.replace('"', "'"):
        found.append(f"the first code cell doesn't call {CALL.format(language)}")
    return found


def _differences(translated, english, language):
    """What isn't right in one cell."""
    if translated.cell_type != english.cell_type:
        yield f"is {translated.cell_type} instead of {english.cell_type}"
        return
    of = translated.metadata.get(OF)
    if of != digest(english):
        yield "the English cell changed" if of else "not translated yet"
    if tags(translated) != tags(english):
        yield "the tags differ"
    if english.cell_type == "code":
        if code(translated.source, language) != code(english.source):
            yield "the code differs beyond its strings"
        return
    blocks = [list(map(code, FENCE.findall(one.source))) for one in (translated, english)]
    if blocks[0] != blocks[1]:
        yield "a block of code differs beyond its strings"
    if FORMULA.findall(translated.source) != FORMULA.findall(english.source):
        yield "a formula differs"


def new(language, number):
    """Write a copy of the notebook with that number, and return its path."""
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    notebook, target = read(path), FOLDER / language / path.name
    if target.exists():
        raise SystemExit(f"{target} exists already")
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub("../", cell.source)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    imports, _, rest = first.source.partition("\n\n")
    call = CALL.format(language).replace("'", '"')
    first.source = f"{IMPORT}\n{imports}\n\n{call}\n{rest}"
    target.parent.mkdir(exist_ok=True)
    _write(notebook, target)
    return target


def accept(path):
    """Store in each cell the hash of the English cell with its id."""
    notebook = read(path)
    digests = {cell.id: digest(cell) for cell in read(english_of(path)).cells}
    for cell in notebook.cells:
        if cell.id in digests:
            cell.metadata[OF] = digests[cell.id]
    _write(notebook, path)


def _write(notebook, path):
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments=None):
    """The command; returns its exit status, 1 if something has to be done."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="notebook")
    parser.add_argument("--accept", action="store_true", help="the cells fit today's English ones")
    parser.add_argument(
        "--new", nargs=2, metavar=("LANGUAGE", "NUMBER"), help="begin a translation"
    )
    options = parser.parse_args(arguments)
    paths = [new(*options.new)] if options.new else options.notebooks or TRANSLATIONS
    status = 0
    for path in map(Path.resolve, paths):
        if options.accept:
            accept(path)
        found = problems(read(path), read(english_of(path)), path.parent.name)
        print(f"{path.parent.name}/{path.name}: {len(found) or 'nothing'} to do")
        for problem in found:
            print("   ", problem)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
