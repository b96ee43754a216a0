"""What every notebook must be, apart from giving its stored outputs again (that is nbval's part).

Most tests collect all that is wrong, so that one run shows every fault, each with its cell.
"""

import ast
import copy
import functools
import html
import io
import re
import tokenize
from bisect import bisect_left
from decimal import Decimal
from urllib.parse import unquote

import minutes
import nbformat
import pytest
from nbtools import (
    FOLDER,
    LESSONS,
    NUMBER,
    PATHS,
    ROOT,
    TRANSLATIONS,
    cell_name,
    code_cells,
    markdown_cells,
    read,
    run,
    tags,
    texts,
)
from pictures import VARIES
from refresh import METADATA, normalise, normalise_outputs

from nnlib import frameworks

KNOWN_TAGS = {
    "answer",  # its output answers a prediction: folded until it is run or opened
    "changes-on-rerun",  # running it again gives something else, on purpose
    "check",
    "exercise",
    "nbval-ignore-output",
    "picture-varies",  # the last digits that it draws depend on the processor
    "raises-exception",
    "short",  # an exercise that is not to write a function
    "skip-on-slide",
}
# Cells whose output nbval does not compare: all they store is which frameworks are installed, and a
# live framework may print there. The next code cell asserts what they computed, and is compared.
NOT_COMPARED = {"09_frameworks.ipynb": 2}
PICTURES_NOT_COMPARED = {"04b_gradient_checking.ipynb": 1, "09_frameworks.ipynb": 1}
# nbval compares all of these but image/png, whose alt text stands in text/plain.
KNOWN_MIMES = {"image/png", "image/svg+xml", "text/plain", "text/html", "text/latex"}
WITHOUT_HTTPS = ("http://neuralnetworksanddeeplearning.com/",)  # has no https
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.:/])/(?:home|Users|root|tmp|usr|opt|mnt)/|\b[A-Z]:\\")
NOISE = re.compile(
    r"\b0x[0-9a-fA-F]{5,}|\d ?(?:[mµμun]s|it/s)\b|\d (?:s|seconds)\b|\d\.\d+s\b|CPU times|Wall time"
)

load = functools.cache(read)
every_notebook = pytest.mark.parametrize(
    "path", PATHS + TRANSLATIONS, ids=lambda path: path.relative_to(FOLDER).as_posix()
)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)


def numbered(notebook):
    """(name for messages, cell) of every cell."""
    return [(cell_name(number, cell), cell) for number, cell in enumerate(notebook.cells, 1)]


def listed(problems):
    """The message of a test that found some problems: a line for each."""
    return "\n".join(["", *map(str, problems)])


def all_outputs(notebook):
    """(name of the cell, cell, output) of every stored output."""
    return [
        (name, cell, output)
        for name, cell in numbered(notebook)
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def test_the_chapters_are_numbered_without_gaps_and_their_parts_lettered():
    numbers = [path.stem.partition("_")[0] for path in LESSONS]
    chapters = sorted({number[:2] for number in numbers})
    assert chapters == [f"{n:02}" for n in range(len(chapters))]
    assert all(re.fullmatch(r"\d\d[b-d]?", number) for number in numbers)


# ---------------------------------------------------------------- as tools/refresh.py stores it


def stored_problems(notebook):
    """Where `notebook` is not as tools/refresh.py stores it: counts, metadata, noise, not run.

    nbval skips cells without an execution count, execution counts, tracebacks and metadata.
    """
    problems = []
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        problems.append(f"execution counts are not 1, 2, 3 …: {counts}")
    if notebook.metadata != METADATA:
        problems.append(f"metadata is not minimal: {dict(notebook.metadata)}")
    tidy = copy.deepcopy(notebook)
    normalise(tidy, "")
    for (name, cell), (_, wanted) in zip(numbered(notebook), numbered(tidy), strict=True):
        problems += [f"{name} {key}" for key in wanted if cell.get(key) != wanted[key]]
    return problems


@every_notebook
def test_is_stored_by_refresh(path):
    notebook = load(path)
    problems = stored_problems(notebook)
    assert not problems, listed(problems)
    text = path.read_text(encoding="utf-8")
    assert text == nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


@every_notebook
def test_is_valid_and_small(path):
    notebook = load(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert path.stat().st_size < 500_000


# ------------------------------------------------------------------------------ cells and outputs


@every_notebook
def test_code_cells_are_short_and_all_checked(path):
    problems = []
    for name, cell in numbered(load(path)):
        if cell.cell_type != "code":
            continue
        if len(cell.source.splitlines()) > 15:
            problems.append(f"{name} has {len(cell.source.splitlines())} lines, more than 15")
        if not cell.source.strip():
            problems.append(f"{name} is empty")
        if tags(cell) - KNOWN_TAGS:
            problems.append(f"{name} has unknown tags {tags(cell) - KNOWN_TAGS}")
        if re.search(r"NBVAL_|PYTEST_VALIDATE", cell.source):
            problems.append(f"{name} switches a check off")
    assert not problems, listed(problems)


@every_notebook
def test_only_what_depends_on_frameworks_is_not_compared(path, monkeypatch):
    monkeypatch.setenv("NNLIB_FRAMEWORKS", "stored")
    cells = code_cells(load(path))
    found = [k for k, cell in enumerate(cells) if "nbval-ignore-output" in tags(cell)]
    assert len(found) == NOT_COMPARED.get(path.name, 0)
    varying = sum(VARIES in tags(cell) for cell in cells)
    assert varying == PICTURES_NOT_COMPARED.get(path.name, 0)
    for k in found:
        assert re.search(r"^ *assert ", cells[k + 1].source, re.MULTILINE)
        printed = "".join(output.text for output in cells[k].outputs)
        assert printed.strip() in ("", frameworks.source()), "stored with frameworks: refresh it"


def output_problems(cell, output):
    """What must not be stored in an output."""
    problems = []
    if output.output_type == "error" and "raises-exception" not in tags(cell):
        problems.append(f"an error: {output.ename}: {output.evalue}")
    if output.output_type == "stream" and output.name != "stdout":
        problems.append(f"{output.name}: {output.text:.60}")
    problems += [f"unknown {mime}" for mime in set(output.get("data", {})) - KNOWN_MIMES]
    for kind, text in texts(output):
        for what, pattern in (
            ("a path", PATH_OF_A_MACHINE),
            ("noise", NOISE),
            # nbval drops what stands before a carriage return.
            ("a control character", re.compile(r"[\x00-\x08\r\x1b]")),
        ):
            if match := pattern.search(text):
                around = text[max(match.start() - 20, 0) : match.end() + 20]
                problems.append(f"{what} in {kind}: {around!r}")
    return problems


@every_notebook
def test_outputs_are_clean(path):
    problems = [
        f"{name} {problem}"
        for name, cell, output in all_outputs(load(path))
        for problem in output_problems(cell, output)
    ]
    assert not problems, listed(problems)


@every_notebook
def test_sources_name_no_path_of_a_machine(path):
    problems = [
        name for name, cell in numbered(load(path)) if PATH_OF_A_MACHINE.search(cell.source)
    ]
    assert not problems, listed(problems)


def picture_problems(output):
    """What is missing of a picture's alt text: text/plain and the PNG's metadata both hold it.

    nbval compares text/plain, never the picture nor its metadata.
    """
    data = output.get("data", {})
    text = data.get("text/plain", "")
    if "image/png" not in data:
        bare = text.startswith(("<", "[<")) and "text/html" not in data
        return [f"text/plain says nothing: {text:.60}"] if bare else []
    problems = []
    if len(text) < 40 or text.startswith("<"):
        problems.append(f"the picture's text is no description of 40 characters: {text!r}")
    metadata = dict(output.metadata.get("image/png", {}))
    if metadata.get("alt") != text:
        problems.append(f"the picture's alt is not its text/plain: {metadata.get('alt')!r}")
    if set(output.metadata) != {"image/png"} or set(metadata) - {"alt", "width", "height"}:
        problems.append(f"the picture has other metadata: {output.metadata}")
    return problems


@every_notebook
def test_every_picture_has_its_description(path):
    problems = []
    for name, cell, output in all_outputs(load(path)):
        problems += [f"{name} {problem}" for problem in picture_problems(output)]
        if "image/png" in output.get("data", {}):
            folded = [
                html.unescape(other.data["text/html"])
                for other in cell.outputs
                if "<details" in other.get("data", {}).get("text/html", "")
            ]
            if not any(output.data.get("text/plain", "") in text for text in folded):
                problems.append(f"{name} the picture's description is not in a <details>")
    assert not problems, listed(problems)


# -------------------------------------------------------------------------- first and last, links


@every_lesson
def test_first_cell_says_what_comes(path):
    cell = load(path).cells[0]
    assert cell.cell_type == "markdown"
    title = re.match(r"# (\d\d[b-d]?) · (.+)\n", cell.source)
    assert title, "the first line is not a title like '# 02 · The forward pass'"
    number, *words = path.stem.split("_")
    assert title[1] == number
    title = title[2].lower().replace("z", "s")  # British, unlike the names of files and code
    assert [word for word in words if word.replace("z", "s") not in title] == []
    wanted = ["What you’ll do", "What you’ll learn", "What you need"]
    assert [text for text in wanted if f"**{text}" not in cell.source] == []


@every_lesson
def test_the_stated_minutes_are_the_estimated_ones_and_at_most_75(path):
    notebook = load(path)
    line = minutes.time_line(notebook)
    advice = f"python3 start.py refresh notebooks/{path.name} writes it into the first cell"
    assert line in notebook.cells[0].source, advice
    assert minutes.total(notebook) <= 75, "split it, or make a section an aside"
    row = rf"^\| \[.+\]\(notebooks/{path.name}\) \| .+ \| {minutes.total(notebook)} \|$"
    readme = (path.parents[1] / "README.md").read_text(encoding="utf-8")
    wanted = f"README.md: the notebook's row in the table, with {minutes.total(notebook)} minutes"
    assert re.search(row, readme, re.MULTILINE), wanted


@every_lesson
def test_something_moves_in_the_first_minute(path):
    """A figure to play with comes before any theory: in the first code cell."""
    assert re.search(r"\bnnlib\.live\b", code_cells(load(path))[0].source)
    assert load(path).cells.index(code_cells(load(path))[0]) <= 2


@every_lesson
def test_every_lesson_links_to_the_glossary_and_has_an_exercise_of_another_kind(path):
    notebook = load(path)
    assert "](glossary.ipynb)" in notebook.cells[-1].source
    assert any("short" in tags(cell) for _, cell, _ in exercises(notebook))


@every_lesson
def test_every_lesson_has_its_quiz_and_then_questions_from_earlier_ones(path):
    number = path.stem.partition("_")[0]
    wanted = [f'quiz("{number}")', f'review("{number}")'][: 2 if path != LESSONS[0] else 1]
    sources = [cell.source for cell in code_cells(load(path))]
    assert [line for source in sources for line in source.splitlines() if line in wanted] == wanted


@every_lesson
def test_last_cell_sums_up_and_leads_on(path):
    cell = load(path).cells[-1]
    assert cell.cell_type == "markdown"
    assert re.search(r"^(?:#+ |\*\*)Summary", cell.source, re.MULTILINE)
    assert re.search(r"^- ", cell.source, re.MULTILINE)
    here = LESSONS.index(path)
    neighbours = LESSONS[max(here - 1, 0) : here] + LESSONS[here + 1 : here + 2]
    missing = [other.name for other in neighbours if f"]({other.name})" not in cell.source]
    assert not missing, f"the last cell of {path.name} must link to {', '.join(missing)}"


def links(source):
    """(is a picture, target) of every link in markdown or HTML, outside code."""
    source = re.sub(r"```.*?```|`[^`\n]*`", "", source, flags=re.DOTALL)
    for picture, target in re.findall(r"(!?)\[[^\]]*\]\(\s*<?([^)\s>]+)", source):
        yield bool(picture), target
    for name, target in re.findall(r"\b(src|href)\s*=\s*[\"']?([^\"'>\s]+)", source):
        yield name == "src", target
    for target in re.findall(r"<(\w+://[^>\s]+)>", source):
        yield False, target


@every_notebook
def test_links_resolve_and_no_picture_is_remote(path):
    notebook, problems = load(path), []
    headings = {
        line.lstrip("#").strip().replace(" ", "-")
        for cell in markdown_cells(notebook)
        for line in cell.source.splitlines()
        if line.startswith("#")
    }
    sources = [(name, cell.source) for name, cell in numbered(notebook)]
    sources = [
        pair
        for pair, cell in zip(sources, notebook.cells, strict=True)
        if cell.cell_type == "markdown"
    ]
    sources += [
        (name, output.data["text/html"])
        for name, _, output in all_outputs(notebook)
        if "text/html" in output.get("data", {})
    ]
    for name, source in sources:
        for picture, target in links(source):
            if target.startswith(("attachment:", "data:image/")):
                fine = picture
            elif re.match(r"\w+:|//", target):
                fine = target.startswith(("https://", *WITHOUT_HTTPS)) and not picture
            elif target.startswith("#"):
                fine = unquote(target[1:]) in headings
            else:
                file = (path.parent / unquote(target.partition("#")[0])).resolve()
                fine = file.is_file() and ROOT in file.parents
            if not fine:
                problems.append(f"{name} {'picture' if picture else 'link'} {target}")
    assert not problems, listed(problems)


# -------------------------------------------------------------------------------------- exercises


SOLUTION = re.compile(r"<details>\s*<summary>Solution</summary>(.*?)</details>", re.DOTALL)
FENCE = re.compile(r"^```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def exercises(notebook):
    """(name, exercise cell, the two cells after it) of every exercise."""
    return [
        (name, cell, notebook.cells[index + 1 : index + 3])
        for index, (name, cell) in enumerate(numbered(notebook))
        if "exercise" in tags(cell)
    ]


def solution(cell):
    """The code of the one solution in a markdown cell; an AssertionError says what is wrong."""
    folded = SOLUTION.findall(cell.source)
    assert len(folded) == 1, "not one <details><summary>Solution</summary>"
    blocks = FENCE.findall(folded[0])
    assert len(blocks) == 1, "the solution is not one block ```python"
    ast.parse(blocks[0])
    return blocks[0]


@every_lesson
def test_exercises_have_a_check_a_hint_and_a_solution(path):
    notebook = load(path)
    found = exercises(notebook)
    assert len(found) >= 2
    for name, cell, following in found:
        check, text = following
        assert "check" in tags(check), f"{name}: no cell tagged check follows"
        by_name = re.search(r'^(?:\w+ = )?check\("\w+"\)$', check.source, re.MULTILINE)
        assert by_name, f"{name}: check by the name alone, so that it can say what hasn't run yet"
        assert text.cell_type == "markdown", f"{name}: no hint and solution follow"
        ladder = re.findall(r"<details>\s*<summary>Hint (\d) · the (.+)</summary>", text.source)
        wanted = [("1", "idea"), ("2", "formula"), ("3", "first line")]
        enough = [wanted[:1], wanted] if "short" in tags(cell) else [wanted]
        assert ladder in enough, f"{name}: not three hints: idea, formula, first line"
        solution(text)
        printed = "\n".join(text for output in check.outputs for _, text in texts(output))
        assert re.search(r"^… Not attempted yet", printed, re.MULTILINE), f"{name}: {printed!r}"
    assert sum("check" in tags(cell) for cell in notebook.cells) == len(found)


LONG = "10b_digits.ipynb"  # trains for half a minute


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=[pytest.mark.slow] * (p.name == LONG), id=p.name) for p in PATHS],
)
def test_solutions_are_right(path):
    notebook = copy.deepcopy(load(path))
    found = exercises(notebook)
    for _, cell, (_, text) in found:
        cell.source = solution(text)
    run(notebook, path.parent)
    problems = []
    for name, _, (check, _) in found:
        printed = "\n".join(text for output in check.outputs for _, text in texts(output))
        if not re.search(r"^✓ ", printed, re.MULTILINE):
            problems.append(f"{name} with its solution: {printed!r}")
    assert not problems, listed(problems)


# ------------------------------------------------------------------------------------ predictions


def predictions(notebook):
    """(name, [code cells up to the next text]) of every prompt to predict, in text or a field."""
    cells = notebook.cells
    for index, (name, cell) in enumerate(numbered(notebook)):
        asks = cell.cell_type == "code" and re.search(r"\bask\(", cell.source)
        if asks or (cell.cell_type == "markdown" and "**Predict" in cell.source):
            following = []
            for other in cells[index + 1 :]:
                if other.cell_type != "code":
                    break
                following.append(other)
            yield name, following


@every_lesson
def test_a_prediction_is_not_answered_before_it_is_made(path):
    """The cell that answers is tagged `answer`, and its output is folded until it is run."""
    problems = []
    for name, following in predictions(load(path)):
        answers = [cell for cell in following if cell.outputs and "ask(" not in cell.source]
        if answers and "exercise" not in tags(following[0]) and "answer" not in tags(answers[0]):
            problems.append(f"{name}: tag the cell that answers it `answer`: {answers[0].id}")
    assert not problems, listed(problems)


@every_lesson
def test_every_prompt_has_a_variable_of_its_own_and_is_revealed_once(path):
    """So a prompt that was skipped is never taken for another one."""
    source = "\n".join(cell.source for cell in code_cells(load(path)))
    names = re.findall(r"^(\w+) = ask\(", source, re.MULTILINE)
    assert len(set(names)) == len(names) == source.count("ask("), names
    assert sorted(re.findall(r"\b(\w+)\.reveal\(", source)) == sorted(names)


def shown(cell):
    """The text that a cell shows."""
    return "\n".join(text for output in cell.outputs for _, text in texts(output))


@every_lesson
def test_the_result_of_a_prompt_is_one_of_its_options(path):
    """Else nobody's guess would be right."""
    cells, problems = code_cells(load(path)), []
    for cell in cells:
        for name in re.findall(r"^(\w+) = ask\(", cell.source, re.MULTILINE):
            _, *options = re.search(r"^Predict\. (.+)", shown(cell), re.MULTILINE)[1].split(" / ")
            (answer,) = (other for other in cells if f"{name}.reveal(" in other.source)
            result = re.search(
                r"^No guess was made\. The result: (.+)", shown(answer), re.MULTILINE
            )
            if options and result[1] not in options:
                problems.append(f"{name}: {result[1]} is none of {options}")
    assert not problems, listed(problems)


def test_no_two_prompts_of_the_course_ask_the_same():
    """A guess is kept under its question, so another notebook would fill it in."""
    cells = [cell for path in LESSONS for cell in code_cells(load(path)) if "ask(" in cell.source]
    questions = [re.search(r"^Predict\. ([^/\n]+)", shown(cell), re.MULTILINE)[1] for cell in cells]
    assert len({*questions}) == len(questions) > 40


# --------------------------------------------------------------------------------- running again


def sections(notebook):
    """The indices of the cells of each section, which starts at a heading of level 1 or 2."""
    found = []
    for index, cell in enumerate(notebook.cells):
        if not found or (cell.cell_type == "markdown" and re.search(r"^##? ", cell.source, re.M)):
            found.append([])
        found[-1].append(index)
    return found


def twice_in_a_row(notebook):
    """Each cell and then the same cell again, as somebody does who presses Shift + Enter twice."""
    doubled = copy.deepcopy(notebook)
    doubled.cells = [copy.deepcopy(cell) for cell in notebook.cells for _ in range(2)]
    return doubled


def visible(cell):
    """What a reader sees of a cell's outputs, as text; of a check's verdict, its sign.

    (A check that runs again without a new answer says so instead of repeating itself.)
    """
    seen = [pair for output in normalise_outputs(cell.outputs, 0) for pair in texts(output)]
    if "check" in tags(cell):
        printed = "\n".join(text for _, text in seen)
        return re.findall(r"^[✓✗…] ", printed, re.MULTILINE) or seen
    return seen


def differences(before, after):
    """The names of the cells that now give something else and are not meant to."""
    return [
        f"{name}: {visible(one)!s:.300} → {visible(other)!s:.300}"
        for (name, one), other in zip(numbered(before), after, strict=True)
        if one.cell_type == "code"
        and visible(one) != visible(other)
        and not tags(one) & {"changes-on-rerun", "nbval-ignore-output"}
    ]


@pytest.mark.slow
@every_lesson
def test_every_cell_can_run_twice(path):
    notebook = load(path)
    doubled = run(twice_in_a_row(notebook), path.parent)
    problems = differences(notebook, doubled.cells[1::2])
    assert not problems, listed(problems)


@pytest.mark.slow
@every_lesson
def test_every_section_can_run_again_after_the_end(path):
    """A learner who has read to the end goes back and runs a section again."""
    notebook = load(path)
    back = [index for section in reversed(sections(notebook)) for index in section]
    problems = differences(notebook, run(copy.deepcopy(notebook), path.parent, again=back).cells)
    assert not problems, listed(problems)


# ------------------------------------------------------------------------------- numbers in prose
#
# The rule: a number in prose, in maths, in a comment of the code, or in code that is quoted inside
# a line must be in an output or in the code of the same notebook, if it has a decimal point, is 100
# or more, or is a percentage. There it may have more decimals, of which the prose shows the rounded
# ones; its sign does not count, and 4 % may be 0.04 there.
# Years (1900 to 2099, without a comma), the numbers of exercises, sections and equations (a word of
# LABELS before them, or brackets around the number of an equation that exists), versions with more
# than one point, blocks of Python and what follows "Further reading" are left out.

LABELS = re.compile(
    r"(?:\b(?:exercises?|eqs?\.|equations?|sections?|figures?|notebooks?|chapters?"
    r"|Python|NumPy|Matplotlib|JupyterLab|ipywidgets|version|CC BY)|\\tag\{)"
    r"[ \u00a0]*\(?\d{1,2}(?:\.\d{1,2})*(?:\)?(?:,| and| to|–) ?\(?\d{1,2}\.\d{1,2})*"
    r"(?![\d,.]*\d)",
    re.IGNORECASE,
)
PROSE_NUMBER = re.compile(
    r"(?<![\w.:])(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?P<decimals>\.\d+)?(?P<exponent>[eE][-+]?\d+)?"
    r"(?!\d|\.\d)"
    r"(?:\s*(?:×|·|\\times|\\cdot)\s*10\^\{?(?P<power>-?\d+))?"
    r"(?P<percent>[\s\u00a0\u202f]*(?:\\?%|per\s?cent\b))?"
)


@functools.cache
def equations():
    """The numbers of the equations in all notebooks: 4.6 for `\\tag{4.6}`."""
    sources = [cell.source for path in PATHS for cell in markdown_cells(load(path))]
    return set(re.findall(r"\\tag\{([\d.]+)\}", "\n".join(sources)))


def prose(markdown):
    """A markdown cell's text without code blocks in Python, link targets, tags and labels."""
    text = re.sub(r"```python\n.*?```", " ", markdown, flags=re.DOTALL)
    text = re.split(r"^[#*_ ]*Further reading", text, maxsplit=1, flags=re.MULTILINE)[0]
    text = re.sub(r"\]\([^)]*\)|<!--.*?-->|</?\w[^>\n]*>|<\w+://[^>]*>", " ", text)
    text = re.sub(r"\\\\\[[^\]\n]*\]", " ", text)  # the space after a line of maths: \\[4pt]
    text = re.sub(r"(?<=\d)(?:\{,\}|\\,|[\u00a0\u2009\u202f])(?=\d{3})", ",", text)
    text = LABELS.sub(" ", text)
    return re.sub(
        r"\((\d+\.\d+)\)", lambda match: " " if match[1] in equations() else match[0], text
    )


def comments(code):
    """The comments of a code cell."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return ""
    return "\n".join(token.string for token in tokens if token.type == tokenize.COMMENT)


def claims(text):
    """(as written, its value, half a unit of its last decimal, is a percentage) of each claim."""
    for match in PROSE_NUMBER.finditer(text):
        whole, decimals = match["whole"].replace(",", ""), match["decimals"] or ""
        if not whole and not decimals:
            continue
        scale = int((match["exponent"] or "e0")[1:]) + int(match["power"] or 0)
        value = Decimal(f"{whole or 0}{decimals}").scaleb(scale)
        half = Decimal("0.5").scaleb(scale - max(len(decimals) - 1, 0))
        year = re.fullmatch(r"(?:19|20)\d\d", match.group())
        if (decimals or value >= 100 or match["percent"]) and not year:
            yield match.group().strip(), value, half, bool(match["percent"])


def computed(notebook):
    """Every number in the code and the outputs of a notebook, sorted, without signs."""
    numbers = set()
    for cell in code_cells(notebook):
        try:
            nodes = list(ast.walk(ast.parse(cell.source)))
        except SyntaxError:
            nodes = []
        numbers |= {
            Decimal(repr(node.value))
            for node in nodes
            if isinstance(node, ast.Constant) and type(node.value) in (int, float)
        }
        for output in cell.outputs:
            for kind, text in texts(output):
                text = re.sub(r"<[^>]*>", " ", text) if kind == "text/html" else text
                numbers |= {Decimal(found.replace(",", "")) for found in NUMBER.findall(text)}
    return sorted(numbers)


def in_range(numbers, low, high):
    """Whether one of the sorted `numbers` is between low and high, both included."""
    place = bisect_left(numbers, low)
    return place < len(numbers) and numbers[place] <= high


REFERENCE = re.compile(
    r"\b(?:eqs?\.|equations?|formulas?)\s+((?:\(?\d+\.\d+\)?(?:,? and |, | to |–)?)+)",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path", [*PATHS, *sorted((ROOT / "nnlib").rglob("*.py"))], ids=lambda path: path.name
)
def test_references_to_equations_resolve(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"\d+\.\d+", " ".join(REFERENCE.findall(text)))
    assert [number for number in named if number not in equations()] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("J falls from 90.8 to $61.90$, then −.25.", ["90.8", "61.90", ".25"]),
        ("60,000 or $60{,}000$ steps, 512 units, 4 layers", ["60,000", "60,000", "512"]),
        ("right in 4 % and 50\\% and 7 per cent", ["4 %", "50\\%", "7 per cent"]),
        (
            r"$2.5 \times 10^{-7}$, 1.5e-7, `np.full((2, 3), 0.5)`",
            [r"2.5 \times 10^{-7", "1.5e-7", "0.5"],
        ),
        ("### Exercise 2.1 · In 1986", []),
        ("Eq. 4.6, equations (4.6) and 4.7, Python 3.11, 0.1.0, `{x:.2f}`, W1, a_2", []),
        ("[a](b_0.7.ipynb) <img width='600'>\n```python\n0.3\n```\n**Further reading** 0.9", []),
    ],
)
def test_which_numbers_in_prose_count(text, wanted):
    assert [written for written, *_ in claims(prose(text))] == wanted


@every_notebook
def test_numbers_in_prose_are_computed(path):
    notebook, problems = load(path), []
    numbers = computed(notebook)
    for name, cell in numbered(notebook):
        text = prose(cell.source) if cell.cell_type == "markdown" else comments(cell.source)
        for written, value, half, percent in claims(text):
            found = in_range(numbers, value - half, value + half) or (
                percent and in_range(numbers, (value - half) / 100, (value + half) / 100)
            )
            if not found:
                problems.append(f"{name} says {written}; no output or code has it")
    assert not problems, listed(["Compute the number in a cell, or say it in words:", *problems])
