"""What the site makes of the notebooks, of their answers, and of the repository's name."""

import json

import pytest
from places import colab_cell, places, repository
from published import Notebook, notebooks, series

from nnlib.live.texts import say
from nnlib.quiz import ask

NOTEBOOKS = notebooks()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_live_notebook_is_the_stored_one_with_another_kernel(notebook):
    live = json.loads(notebook.for_the_browser())
    stored = notebook.content
    assert live["metadata"]["kernelspec"]["name"] == "python"
    assert live["metadata"]["nnlib"] == {"published": notebook.digest}
    for before, after in zip(stored["cells"], live["cells"], strict=True):
        assert after["metadata"].pop("trusted", True)
        assert after == before


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_reading_page_keeps_every_alt_text(notebook):
    cells = json.loads(notebook.for_reading(""))["cells"]
    for before, after in zip(notebook.content["cells"], cells, strict=True):
        for output in before.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                alt = output["metadata"]["image/png"]["alt"]
                assert after["metadata"]["mystnb"]["image"]["alt"] == alt


def made(tmp_path, **cell):
    """A Notebook with a title and one code cell."""
    heading = {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["# 04b · A *title*\n", "\n", "Lead."],
    }
    code = {"cell_type": "code", "metadata": {}, "source": [], "outputs": []}
    path = tmp_path / "04b_a_name.ipynb"
    path.write_text(json.dumps({"metadata": {}, "cells": [heading, code | cell]}), encoding="utf-8")
    return Notebook(path)


@pytest.mark.parametrize(
    "metadata", [{"tags": ["answer"]}, {"jupyter": {"outputs_hidden": True}}], ids=str
)
def test_answers_are_folded(tmp_path, metadata):
    for given, folded in ((metadata, True), ({}, False)):
        notebook = made(tmp_path, metadata=given)
        _, cell = json.loads(notebook.for_reading(""))["cells"]
        assert ("hide-output" in cell["metadata"]["tags"]) is folded


def test_a_live_view_leads_to_where_it_is_alive_and_a_prompt_is_prose(tmp_path):
    hint = {"text/html": f"<details>{say('still_hint')}</details>"}
    prompt = {"text/plain": ask("Is 1 < 2?")._repr_mimebundle_()["text/plain"]}
    plain = {"text/plain": "array([1, 2])"}
    outputs = [{"output_type": "display_data", "data": data} for data in (hint, prompt, plain)]
    _, cell = json.loads(made(tmp_path, outputs=outputs).for_reading(""))["cells"]
    hint, prompt, after = (output["data"] for output in cell["outputs"])
    assert 'href="run/04b_a_name.html"' in hint["text/html"]
    assert "Is 1 &lt; 2?" in prompt["text/html"]
    assert after == plain


def test_what_a_notebook_says_of_itself(tmp_path):
    notebook = made(tmp_path)
    assert (notebook.number, notebook.title, notebook.lead) == ("04b", "A title", "Lead.")
    assert notebook.minutes is None
    assert "BUTTON" in "".join(json.loads(notebook.for_reading("BUTTON"))["cells"][0]["source"])
    digest = notebook.digest
    assert made(tmp_path, source=["1"]).digest != digest


def test_every_lesson_introduces_itself():
    for notebook in series():
        assert notebook.title and notebook.lead and notebook.minutes, notebook.name


def test_the_links_are_those_of_the_fork(monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/a-fork")
    assert repository() == "someone/a-fork"
    links = places(repository(), "00_start_here.ipynb")
    assert {place.name for place in links} == {"Binder", "GitHub Codespaces", "Google Colab"}
    assert all("someone/a-fork" in place.url and place.kept for place in links)
    assert "someone/a-fork" in colab_cell(repository())


@pytest.mark.parametrize(
    "url, name",
    [
        ("https://github.com/a-b/c.d.git", "a-b/c.d"),
        ("git@github.com:a/b.git", "a/b"),
        ("https://github.com/a/b", "a/b"),
        ("/somewhere/else", None),
    ],
)
def test_without_github_the_remote_tells_the_repository(monkeypatch, tmp_path, url, name):
    import subprocess

    import places as module

    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "remote", "add", "origin", url], check=True)
    assert repository() == name
