"""Translated notebooks: none drifts from the English one, and nothing in one stays English."""

import copy
import re

import nbformat
import pytest
import translation
from nbtools import TRANSLATIONS, code_cells, read, texts

from nnlib import plots
from nnlib.checks.exercise import all_exercises
from nnlib.live import Playground, explorers
from nnlib.live.explorers.explorer import Explorer
from nnlib.texts import load_in

every_translation = pytest.mark.parametrize(
    "path", TRANSLATIONS, ids=lambda path: f"{path.parent.name}/{path.name}"
)
WORD = re.compile(r"[^\W\d_]{2,}")
FIELD = re.compile(r"\{[^}]*\}")
CODE = re.compile(r"`[^`]*`|<code>.*?</code>|<[^>]*>|\$[^$]*\$|\{[^}]*\}")
SAYS = ("text", "why", "says", "repair", "slip", "missing", "instead")  # sentences beside code
PARTS = ("nnlib.checks", "nnlib.live", "nnlib.plots", "nnlib.quiz")


@every_translation
def test_it_says_and_does_what_the_english_notebook_does(path):
    english = read(translation.english_of(path))
    found = translation.problems(read(path), english, path.parent.name)
    assert not found, "\n".join(["", "See `python tools/translation.py --help`.", *found])


def sentences(content):
    """Every text in the content of a TOML file."""
    if isinstance(content, str):
        return [content]
    values = content.values() if isinstance(content, dict) else content
    return [text for value in values for text in sentences(value)] if values else []


def marked(content):
    """The sentences in a table that holds code as well."""
    if isinstance(content, dict):
        own = [text for key, text in content.items() if key in SAYS and isinstance(text, str)]
        return own + [text for value in content.values() for text in marked(value)]
    return [text for one in content for text in marked(one)] if isinstance(content, list) else []


def shown(notebook, number):
    """{part of nnlib: every English sentence that a notebook can show}."""
    source = "\n".join(cell.source for cell in code_cells(notebook))
    named = set(re.findall(r"\w+", source))
    exercises = [one for one in all_exercises().values() if one.notebook == number]
    package, messages = "nnlib.checks", dict(load_in("en", "nnlib.checks", "messages.toml"))
    messages["errors"] = {k: v for k, v in messages["errors"].items() if k != "texts"}
    checks = sentences(messages) + marked(load_in("en", package, "edits.toml"))
    for one in exercises:
        own = load_in("en", f"{package}.exercises", f"{one.module}.toml").get(one.name, [])
        shared = load_in("en", f"{package}.exercises", "shared.toml").get(one.shared, [])
        checks += marked([own, shared])
    words = load_in("en", "nnlib.live", "texts/en.toml")
    about = load_in("en", "nnlib.live", "texts/explorers.en.toml")
    live = sentences([words["page"], about["explorer_page"]])
    live += [words["sentences"][key] for key in ("not_changed", "description", "still_hint")]
    live += sentences(words) if Playground.__name__ in named else []
    for name in named & set(explorers.__all__):
        view = getattr(explorers, name)
        live += sentences(about["explorers"][view.key]) if issubclass(view, Explorer) else []
    drawn = load_in("en", "nnlib.plots", "texts/en.toml")
    drawn = {key: text for key, text in drawn.items() if key in named or key not in plots.__all__}
    quiz = marked(load_in("en", "nnlib.quiz", f"{number}.toml"))
    return {
        package: checks,
        "nnlib.live": live,
        "nnlib.plots": sentences(drawn),
        "nnlib.quiz": quiz + sentences(load_in("en", "nnlib.quiz", "texts/en.toml")),
    }


@every_translation
def test_every_sentence_that_it_can_show_is_translated(path):
    language, number = path.parent.name, path.name.partition("_")[0]
    for package, wanted in shown(read(path), number).items():
        there = load_in("en", package, f"texts/{language}.toml")
        missing = [text for text in wanted if text not in there and WORD.search(CODE.sub("", text))]
        file = f"{package.replace('.', '/')}/texts/{language}.toml"
        advice = [f'"{text}" = "…"' for text in missing]
        assert not missing, "\n".join([f"put into {file}, translated:", *advice])


@pytest.mark.parametrize("language", sorted({path.parent.name for path in TRANSLATIONS}))
@pytest.mark.parametrize("package", PARTS)
def test_a_translation_is_of_a_sentence_that_exists_and_has_its_details(package, language):
    files = sorted(translation.FOLDER.parent.joinpath(*package.split(".")).rglob("*.toml"))
    english = "\n".join(f.read_text(encoding="utf-8") for f in files if f.stem != language)
    known = english.replace('\\"', '"')
    for text, translated in load_in("en", package, f"texts/{language}.toml").items():
        assert text in known, f"no English sentence (any more): {text}"
        assert set(FIELD.findall(text)) == set(FIELD.findall(translated)), translated


def phrases(notebook):
    """Every three different words in a row in the stored outputs, alt texts among them."""
    found = set()
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for _, text in texts(output):
                words = [word.lower() for word in WORD.findall(re.sub(r"<[^>]*>", " . ", text))]
                threes = {tuple(words[k : k + 3]) for k in range(len(words) - 2)}
                found |= {words for words in threes if len(set(words)) == 3}
    return found


@every_translation
def test_no_output_of_it_is_english(path):
    english = phrases(read(translation.english_of(path)))
    assert len(english) > 100
    assert phrases(read(path)) & english == set()


# ------------------------------------------------------------------- what the comparison notices


def change_english(english, translated):
    english.cells[1].source = english.cells[1].source.replace("One", "A")


def change_code(english, translated):
    translated.cells[2].source = translated.cells[2].source.replace("0.5", "0.6")


def change_value_in_text(english, translated):
    translated.cells[2].source = translated.cells[2].source.replace("{z:.1f}", "{z:.2f}")


def change_exercise(english, translated):
    translated.cells[3].source = 'check("layer", neuron)'


def change_solution(english, translated):
    translated.cells[4].source = translated.cells[4].source.replace("x @ w", "x * w")


def change_formula(english, translated):
    translated.cells[1].source = translated.cells[1].source.replace("x w", "x w + b")


def leave_a_cell_out(english, translated):
    del translated.cells[2]


def add_a_cell(english, translated):
    translated.cells.append(nbformat.v4.new_markdown_cell("Mehr"))


def swap_cells(english, translated):
    translated.cells[1:3] = reversed(translated.cells[1:3])


def change_tags(english, translated):
    translated.cells[3].metadata["tags"] = []


def forget_the_language(english, translated):
    first = translated.cells[0]
    first.source = first.source.replace('texts.set_language("de")', "")


def notebooks():
    """A small English notebook and its translation."""
    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    imports = "from nnlib.checks import check"
    english = [
        code(f"{imports}\n\ncheck"),
        markdown("One neuron\n\n$$z = x w$$"),
        code('z = 0.5  # a number\nprint(f"z is {z:.1f}, not {x}")'),
        code('check("neuron", neuron)', metadata={"tags": ["check"]}),
        markdown('Solution\n\n```python\ndef neuron(x):\n    """Return."""\n    return x @ w\n```'),
    ]
    translated = copy.deepcopy(english)
    start = f'{translation.IMPORT}\n{imports}\n\ntexts.set_language("de")\ncheck'
    blocks = (
        start,
        "Ein Neuron\n\n$$z = x w$$",
        'z = 0.5  # eine Zahl\nprint(f"statt {x} ist z {z:.1f}")',
        english[3].source,
        'Lösung\n\n```python\ndef neuron(x):\n    """Gib."""\n    return x @ w\n```',
    )
    for before, cell, source in zip(english, translated, blocks, strict=True):
        cell.source = source
        cell.metadata[translation.OF] = translation.digest(before)
    return nbformat.v4.new_notebook(cells=english), nbformat.v4.new_notebook(cells=translated)


def test_other_words_are_no_problem():
    english, translated = notebooks()
    assert translation.problems(translated, english, "de") == []


@pytest.mark.parametrize(
    "change",
    [
        *(change_english, change_code, change_value_in_text, change_exercise, change_solution),
        *(change_formula, leave_a_cell_out, add_a_cell, swap_cells, change_tags),
        forget_the_language,
    ],
)
def test_a_difference_is_found(change):
    english, translated = notebooks()
    change(english, translated)
    assert len(translation.problems(translated, english, "de")) == 1


def test_a_new_translation_is_done_when_its_cells_are_accepted(tmp_path, monkeypatch, capsys):
    english, _ = notebooks()
    english.cells[4].source += "\n[next](01_next.ipynb)"
    nbformat.write(english, tmp_path / "00_try.ipynb")
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    assert translation.main(["--new", "de", "00"]) == 1
    path = tmp_path / "de" / "00_try.ipynb"
    assert "[next](../01_next.ipynb)" in read(path).cells[4].source
    assert capsys.readouterr().out.count("not translated yet") == len(english.cells)
    assert translation.main(["--accept", str(path)]) == 0
    english.cells[1].source += " more"
    nbformat.write(english, tmp_path / "00_try.ipynb")
    assert translation.main([str(path)]) == 1
    assert "the English cell changed" in capsys.readouterr().out
