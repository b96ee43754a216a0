"""Turn a notebook into slides: which cells are shown, which together, and what appears later.

The slides are marked as JupyterLab and nbconvert do it, with the `slideshow.slide_type` of a cell:
`slide` (one begins), `fragment` (it appears when the speaker goes on) or `skip`. A cell without one
is below the cell before it. All code cells stay in their order, so the notebook still runs.
"""

import copy
import math
import re
import struct
from base64 import b64decode
from dataclasses import dataclass, field

import lessons
import minutes
from nbformat.v4 import new_markdown_cell

# All in pixels, for the fonts in slide_settings, and measured in JupyterLab.
SLIDE = 620  # height for a slide's cells, in a window of 1280 × 720
LINE, CODE_LINE, PARAGRAPH = 30, 20, 20
CHARACTERS = 105  # in a line of text
FIGURE = 446  # at most: 62 % of the window's height
CONTROLS = 75  # above and below a figure to play with, which isn't made smaller
CELL = 18  # around a cell's code

LEFT_OUT = re.compile(
    r"\*\*(What you need|Time: |Further reading)|\[←|\[[^\]]+ →\]\(|#+ (Exercise|Further reading)"
    r"|\[[^\]]+\]\(\w\w/"  # a translation
)
LINK = re.compile(r"\[([^\]]+)\]\([\w-]+\.ipynb\)")
LIVE = re.compile(r"^(\w+ = )?[A-Z]\w+\(", re.MULTILINE)  # Playground(…), ForwardPass(…)
UNSPLIT = re.compile(  # what may have empty lines in it
    r"(\$\$.*?\$\$|\\begin\{(\w+)\}.*?\\end\{\2\}|```.*?```|<details>.*?</details>)", re.DOTALL
)


@dataclass
class Block:
    """A paragraph or a code cell: what can't be split, with its height."""

    cell: dict
    text: str = ""  # of a paragraph
    height: float = 0.0
    is_answer: bool = False

    @property
    def starts_section(self):
        return bool(re.match(r"##? ", self.text))

    @property
    def is_heading(self):
        return self.text.startswith("#")

    @property
    def is_prompt(self):
        return "**Predict" in self.text or (not self.text and "ask(" in self.cell.source)


@dataclass
class Slide:
    """Blocks that are on the screen together."""

    blocks: list[Block] = field(default_factory=list)
    is_full: bool = False

    @property
    def height(self):
        return sum(block.height for block in self.blocks)

    @property
    def only_headings(self):
        return all(block.is_heading for block in self.blocks)


def make(notebook):
    """Return a copy of the notebook as slides."""
    result = copy.deepcopy(notebook)
    skipped = skipped_cells(result)
    blocks = [
        block
        for index, cell in enumerate(result.cells)
        if index not in skipped
        for block in _blocks(cell)
    ]
    shown = _cells(_slides(blocks))
    after = {}  # hidden cells, by the id of the code cell before them
    previous = None
    for index, cell in enumerate(result.cells):
        if cell.cell_type == "code" and index in skipped:
            cell.metadata["slideshow"] = {"slide_type": "skip"}
            after.setdefault(previous, []).append(cell)
        elif cell.cell_type == "code":
            previous = cell.id
    result.cells = list(after.get(None, []))
    for cell in shown:
        result.cells += [cell, *(after.get(cell.id, []) if cell.cell_type == "code" else [])]
    return result


def height(cell):
    """Return about how high a cell is on a slide, in pixels."""
    return sum(block.height for block in _blocks(cell))


def skipped_cells(notebook):
    """Return the indices of the cells that no slide shows."""
    skipped, in_aside = set(), False
    for task in lessons.tasks(notebook):
        skipped |= {task.index, task.check, task.hints}
    for index, cell in enumerate(notebook.cells):
        is_text = cell.cell_type == "markdown"
        headings = re.findall(r"^##? (.+)", cell.source, re.MULTILINE) if is_text else []
        if headings:
            in_aside = minutes.optional(headings[0])
        following = notebook.cells[index + 1 : index + 2]
        introduces_quiz = headings and following and _is_quiz(following[0])
        is_exercise = is_text and re.match(r"#+ Exercise", cell.source)
        if in_aside or introduces_quiz or is_exercise or _is_quiz(cell):
            skipped.add(index)
        if "skip-on-slide" in lessons.tags(cell):
            skipped.add(index)
    return skipped


def _is_quiz(cell):
    """Whether a cell shows a quiz or the learner's own progress."""
    return cell.cell_type == "code" and bool(
        re.search(r"^(quiz|review|progress)\(", cell.source, re.MULTILINE)
    )


# --------------------------------------------------------------------------------------- blocks


def _blocks(cell):
    """The blocks of a cell: a code cell, or the paragraphs of a text."""
    if cell.cell_type == "code":
        return [_code_block(cell)]
    paragraphs = _paragraphs(LINK.sub(r"\1", cell.source))
    blocks, leave_out = [], False
    for text in paragraphs:
        is_list = re.match(r"[-*\d] ?", text) and not text.startswith("**")
        leave_out = bool(LEFT_OUT.match(text)) or (leave_out and bool(is_list))
        if not leave_out:
            blocks.append(Block(cell, text, _text_height(text)))
    return blocks


def _paragraphs(source):
    """Split Markdown at empty lines, but for those inside formulas, code and details."""
    kept = []

    def keep(match):
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    parts = re.split(r"\n\s*\n", UNSPLIT.sub(keep, source))
    return [
        re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], part).strip("\n")
        for part in parts
        if part.strip()
    ]


def _text_height(text):
    """The height of a paragraph, list, table, formula or heading."""
    if text.startswith("#"):
        return 2.2 * LINE
    if text.startswith("<details>"):
        return LINE + PARAGRAPH
    if text.startswith("```"):
        return CODE_LINE * len(text.splitlines()) + PARAGRAPH
    lines = 0.0
    for line in text.splitlines():
        lines += math.ceil(max(len(line), 1) / CHARACTERS) if not line.startswith("|") else 1.15
        lines += 0.7 * len(re.findall(r"\\\\|\\d?frac", line))
    return LINE * lines + PARAGRAPH + LINE * text.count("$$") / 2


def _code_block(cell):
    """A code cell with its outputs; the code of a figure is folded if both don't fit."""
    code = CODE_LINE * len(cell.source.splitlines()) + CELL
    is_live = bool(LIVE.search(cell.source))
    output = sum(_output_height(output, is_live) for output in cell.get("outputs", []))
    hidden = ["source_hidden"] if code + output > SLIDE - 3 * LINE and output > FIGURE / 2 else []
    cell.metadata.pop("jupyter", None)
    if hidden:
        cell.metadata["jupyter"] = {"source_hidden": True}
        code = LINE
    return Block(cell, "", code + output, "answer" in lessons.tags(cell))


def _output_height(output, is_live):
    """The height of an output: a figure, or lines of text."""
    data = output.get("data", {})
    if "image/png" in data:
        (height,) = struct.unpack(">I", b64decode(data["image/png"][:48])[20:24])
        return height + CONTROLS if is_live else min(height, FIGURE) + PARAGRAPH
    if "text/html" in data:  # the description of a figure, which is hidden, or a table
        return LINE
    text = output.get("text", "") or data.get("text/plain", "")
    return CODE_LINE * len(text.splitlines()) + PARAGRAPH / 2


# --------------------------------------------------------------------------------------- slides


def _slides(blocks):
    """The slides: each group stays together if it fits on one."""
    slides = [Slide()]
    for group in _groups(blocks):
        height = sum(block.height for block in group)
        current = slides[-1]
        fits = current.height + height <= SLIDE and not current.is_full
        if group[0].starts_section or not (fits or current.only_headings):
            slides.append(Slide())
        if height > SLIDE:  # the slides after the first take what doesn't fit
            for block in group:
                is_too_high = slides[-1].height + block.height > SLIDE
                if is_too_high and not slides[-1].only_headings:
                    slides.append(Slide())
                slides[-1].blocks.append(block)
        else:
            slides[-1].blocks += group
        slides[-1].is_full = group[-1].is_answer
    return [slide for slide in slides if slide.blocks]


def _groups(blocks):
    """Blocks that belong together: a prompt and its answers, a sentence and what it introduces."""
    groups = []
    for block in blocks:
        before = groups[-1][-1] if groups else None
        belongs = before is not None and (
            (block.is_answer and (before.is_prompt or before.is_answer))
            or (block.is_prompt and before.is_prompt)
            or (before.is_heading and not block.starts_section)
            or (before.text.endswith(":") and not block.is_heading)
        )
        if belongs:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _cells(slides):
    """The cells of the slides, with their slide types; neighbouring paragraphs are one cell."""
    cells = []
    for slide in slides:
        kind, last = "slide", None
        for block in slide.blocks:
            if block.text and last is not None:
                last.source += f"\n\n{block.text}"
                continue
            if block.text:
                last = cell = new_markdown_cell(block.text, id=_free_id(block.cell.id, cells))
            else:
                last, cell = None, block.cell
            kind = kind or ("fragment" if block.is_answer else "")
            cell.metadata.pop("slideshow", None)
            if kind:
                cell.metadata["slideshow"] = {"slide_type": kind}
            cells.append(cell)
            kind = ""
    return cells


def _free_id(wanted, cells):
    """An id that no cell has yet: that of the cell in the notebook, perhaps with a number."""
    used = {cell.id for cell in cells}
    numbered = (f"{wanted[:58]}-s{number}" for number in range(2, 1000))
    return wanted if wanted not in used else next(name for name in numbered if name not in used)
