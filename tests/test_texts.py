"""The sentences in another language: of checks, quizzes and live views alike."""

import json

import pytest

from nnlib import texts
from nnlib.checks import check
from nnlib.checks.exercise import all_exercises
from nnlib.live import Playground
from nnlib.quiz.questions import questions

files = texts.files


@pytest.fixture
def translate(tmp_path, monkeypatch):
    """A function that stores translations of sentences for a part of the library, and uses them."""

    def stored(part, sentences):
        lines = [f"{json.dumps(key)} = {json.dumps(text)}\n" for key, text in sentences.items()]
        (tmp_path / part / "texts").mkdir(parents=True)
        (tmp_path / part / "texts/xx.toml").write_text("".join(lines), encoding="utf-8")
        texts.load_in.cache_clear()

    class Folder:
        def __init__(self, package):
            self.package = package

        def __truediv__(self, name):
            stored = tmp_path / self.package / name
            return stored if stored.is_file() else files(self.package) / name

    monkeypatch.setattr(texts, "files", Folder)
    monkeypatch.setenv(texts.LANGUAGE, "xx")
    yield stored
    texts.load_in.cache_clear()


def test_checks_speak_another_language(translate, monkeypatch, capsys):
    neuron = all_exercises()["neuron"]
    known = next(mistake for mistake in neuron.mistakes if "squeezes" in mistake.says)
    value = all_exercises()["halfway_bias"].mistakes[0]
    translate("nnlib.checks", {"Not yet.": "Noch nicht.", known.says: "Kein Sigmoid."})
    monkeypatch.delitem(vars(neuron), "mistakes")
    check("neuron", lambda x, w, b: x @ w + b)
    check("halfway_bias", value.made)
    out = capsys.readouterr().out
    assert "Noch nicht. Kein Sigmoid." in out and f"Noch nicht. {value.says[:30]}" in out


def test_quizzes_speak_another_language(translate):
    first, second, *_ = questions("00")
    translate("nnlib.quiz", {first.text: "Was?"})
    assert [question.text for question in questions("00")[:2]] == ["Was?", second.text]


def test_live_views_speak_another_language(translate):
    translate("nnlib.live", {"Ready.": "Bereit.", "Noise": "Rauschen"})
    playground = Playground(samples=40)
    assert playground.text.endswith("Bereit.") and "Training cost" in playground.text
    assert playground.control("noise")["label"] == "Rauschen"
