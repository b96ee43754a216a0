"""`refresh.py` stores what a run gives, without noise, and says what changed."""

import minutes
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from refresh import METADATA, main, normalise, text_changes


def test_what_is_stored_does_not_depend_on_the_run():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1"}}
    cell = new_code_cell(
        "x",
        execution_count=17,
        metadata={"tags": ["check"], "scrolled": True, "execution": {"iopub.status.busy": "12:00"}},
        outputs=[
            new_output("stream", name="stdout", text="1\n"),
            new_output("stream", name="stdout", text="2\n"),
            new_output("execute_result", {**view, "text/plain": "IntSlider()"}, execution_count=17),
            new_output("display_data", view),
            new_output("error", ename="E", evalue="no", traceback=["\x1b[31m/home/", "E: no"]),
        ],
    )
    notebook = new_notebook(cells=[new_markdown_cell("t"), cell], metadata={"widgets": {"a1": 1}})
    notebook.cells[0].id = cell.id = "same"
    normalise(notebook, "03")

    assert notebook.metadata == METADATA
    assert [cell.id for cell in notebook.cells] == ["same", "03-02"]
    assert (cell.execution_count, cell.metadata) == (1, {"tags": ["check"]})
    assert cell.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "1\n2\n"},
        {
            "output_type": "execute_result",
            "data": {"text/plain": "IntSlider()"},
            "metadata": {},
            "execution_count": 1,
        },
        {"output_type": "error", "ename": "E", "evalue": "no", "traceback": ["E: no"]},
    ]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("a 0.5\nb [1. 2.]", "a 0.5\nb [1. 3.]", ["line 2: 2. → 3."]),
        ("60,000 7e-05", "60,001 8e-05", ["line 1: 60,000 → 60,001", "line 1: 7e-05 → 8e-05"]),
        ("up 1\nto 2", "down 1\nto 2", ["- up 1", "+ down 1"]),
        ("1\n", "1", ["line ends differ"]),
    ],
)
def test_the_numbers_that_changed(old, new, wanted):
    assert text_changes(old, new) == wanted


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    path = tmp_path / "00_try.ipynb"

    def edit(source):
        cell = new_code_cell(source, id="one")
        if path.exists():
            cell = nbformat.read(path, 4).cells[0]
            cell.source = source
        nbformat.write(new_notebook(cells=[cell]), path)

    edit("print(1 / 3)")
    assert main([str(path)]) == 0
    edit("print(1 / 4)")
    before = path.read_bytes()
    assert main(["--check", str(path)]) == 1
    assert path.read_bytes() == before
    capsys.readouterr()

    assert main([str(path)]) == 0
    assert "cell 1 [one] stdout line 1: 0.3333333333333333 → 0.25" in capsys.readouterr().out
    before = path.read_bytes()
    assert main([str(path)]) == 0
    assert path.read_bytes() == before

    edit("1 / 0")
    before = path.read_bytes()
    assert main([str(path)]) == 2
    assert "cell 1 [one]" in (message := capsys.readouterr().err)
    assert "ZeroDivisionError: division by zero" in message
    assert path.read_bytes() == before

    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "nowhere.ipynb")])


def test_the_minutes_follow_the_text(tmp_path):
    path = tmp_path / "00_try.ipynb"
    first = new_markdown_cell("# 00 · Try\n\n**Time: about 99 minutes.** All 99")
    long = new_markdown_cell("## 1 · Reading\n\n" + "word " * 5 * minutes.WORDS_A_MINUTE)
    nbformat.write(new_notebook(cells=[first, long]), path)
    assert main([str(path)]) == 0
    stored = nbformat.read(path, 4)
    assert stored.cells[0].source == f"# 00 · Try\n\n{minutes.time_line(stored)}"
