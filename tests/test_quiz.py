"""The quizzes and the prompts: their data, their sums, what a click does, what stands without."""

import html
import re
import sys
from importlib.resources import files

import ipywidgets as widgets
import numpy as np
import pytest

from nnlib import colours
from nnlib.activations import sigmoid
from nnlib.quiz import Guess, ask, questions, quiz

NOTEBOOKS = sorted(file.name[:2] for file in files("nnlib.quiz").iterdir() if ".toml" in file.name)
VIEW = "application/vnd.jupyter.widget-view+json"
every_quiz = pytest.mark.parametrize("notebook", NOTEBOOKS)


def test_the_first_six_notebooks_have_a_quiz():
    assert NOTEBOOKS[:6] == ["00", "01", "02", "03", "04", "05"]
    with pytest.raises(ValueError, match="no quiz for notebook '2'"):
        quiz("2")


@every_quiz
def test_every_question_has_one_right_answer_and_every_answer_a_reason(notebook):
    asked = questions(notebook)
    assert 3 <= len(asked) <= 5
    for question in asked:
        assert 3 <= len(question.options) <= 4
        assert [option.right for option in question.options].count(True) == 1
        assert len({option.text for option in question.options}) == len(question.options)
        assert len({option.why for option in question.options}) == len(question.options)
        for text in (question.text, *(t for o in question.options for t in (o.text, o.why))):
            assert text[0] == text[0].strip(), text
            assert text.count("$") % 2 == 0, text
            assert text.count("<") == text.count(">"), text
        assert all(15 < len(option.why) < 200 for option in question.options)
    places = [[o.right for o in question.options].index(True) for question in asked]
    assert len(set(places)) > 1, "the right answer always has the same letter"


@every_quiz
def test_the_sums_of_a_quiz_hold(notebook):
    for question in questions(notebook):
        for expression in question.holds:
            assert eval(expression, {"np": np, "sigmoid": sigmoid}), expression


@every_quiz
def test_numbers_with_a_point_are_proved(notebook):
    """A decimal number in the right answer or its reason is in one of the proofs."""
    for question in questions(notebook):
        right = next(option for option in question.options if option.right)
        numbers = re.findall(r"\d+\.\d+", question.text + right.text + right.why)
        missing = [number for number in numbers if number not in " ".join(question.holds)]
        if question.holds:
            assert missing == [], question.text


def buttons(shown):
    """The buttons of a quiz, question by question, and the widget that explains."""
    for panel in shown.children[:-1]:
        rows = [child for child in panel.children if isinstance(child, widgets.HBox)]
        yield [row.children[0] for row in rows], panel.children[-1]


def test_a_click_explains_each_answer_and_the_first_try_counts():
    shown, asked = quiz("02"), questions("02")
    for question, (row, answer) in zip(asked, buttons(shown), strict=True):
        assert answer.value == ""
        for option, button in zip(question.options, row, strict=True):
            button.click()
            assert option.why in answer.value
            assert ("Right." in answer.value) == option.right
    firsts = sum(question.options[0].right for question in asked)
    assert shown.score.value == f"{firsts} of {len(asked)} right at the first try."


def test_questions_have_numbers_and_answers_letters():
    shown, asked = quiz("02"), questions("02")
    for number, (panel, (row, answer)) in enumerate(zip(shown.children, buttons(shown)), start=1):
        assert panel.children[0].value.startswith(f"<b>{number}.</b> ")
        assert "".join(button.description for button in row) == "ABCD"[: len(row)]
        row[1].click()
        right = asked[number - 1].options[1].right
        assert (colours.POSITIVE if right else colours.NEGATIVE) in answer.value
        assert ("B · Right." if right else "B · Not this one.") in answer.value
    bundle = shown._repr_mimebundle_()
    numbers = [str(number) for number in range(1, len(asked) + 1)]
    assert re.findall(r"^(\d+)\. ", bundle["text/plain"], re.M) == numbers
    assert re.findall(r"<b>(\d+)\.</b>", bundle["text/html"]) == numbers
    letters = "".join("ABCD"[: len(question.options)] for question in asked)
    assert "".join(re.findall(r"^   (\w)\) ", bundle["text/plain"], re.M)) == letters
    assert "".join(re.findall(r"<summary>(\w) ·", bundle["text/html"])) == letters


def test_all_right_and_again():
    for _ in range(2):  # a cell that is run again starts anew
        shown = quiz("04")
        for question, (row, _) in zip(questions("04"), buttons(shown), strict=True):
            row[[option.right for option in question.options].index(True)].click()
        assert shown.score.value == "5 of 5 right at the first try."


def test_two_quizzes_do_not_disturb_each_other():
    one, other = quiz("03"), quiz("03")
    next(buttons(one))[0][0].click()
    assert other.score.value == ""


@every_quiz
def test_without_widgets_the_questions_stand_there(notebook):
    bundle = quiz(notebook)._repr_mimebundle_()
    assert VIEW in bundle
    text, folded = bundle["text/plain"], bundle["text/html"]
    assert not re.search(r"<\w|&\w+;", text)
    for question in questions(notebook):
        for option in question.options:
            assert option.text in folded
            assert option.why in folded
    assert folded.count("<details>") == sum(len(q.options) for q in questions(notebook))
    assert bundle["text/plain"] == quiz(notebook)._repr_mimebundle_()["text/plain"]
    assert not re.search(r"https?://|<script|<img", html.unescape(folded))


# -------------------------------------------------------------------------------------- ask


def test_a_guess_is_set_beside_the_truth(capsys):
    guess = ask("How many?")
    guess.entry.value = " 0,5 "
    guess.reveal(0.75)
    assert capsys.readouterr().out == "Your guess: 0,5   The result: 0.75   Off by 0.25.\n"
    assert guess.entry.disabled


@pytest.mark.parametrize(
    ("entered", "truth", "comment"),
    [
        ("3", 3, "   As you said."),
        ("three", 3, ""),
        ("1e-3", 0.002, "   Off by 0.001."),
        ("4", "(3, 3)", ""),
        ("yes", True, ""),
    ],
)
def test_what_is_said_about_a_guess(entered, truth, comment, capsys):
    guess = ask("How many?")
    guess.entry.value = entered
    guess.reveal(truth)
    assert capsys.readouterr().out == f"Your guess: {entered}   The result: {truth}{comment}\n"


@pytest.mark.parametrize(
    ("entered", "comment"),
    [
        ("5,252", "   As you said."),
        ("5000", "   Off by 252."),
        ("6,252", "   Off by 1,000."),
        ("-1,000,000.5", "   Off by 1,005,252."),
        ("0,500", "   Off by 5,252."),
        ("1,5", "   Off by 5,250."),
    ],
)
def test_thousands_have_a_comma_and_a_comma_may_stand_for_the_point(entered, comment, capsys):
    guess = ask("How many?")
    guess.entry.value = entered
    guess.reveal(5252)
    assert capsys.readouterr().out == f"Your guess: {entered}   The result: 5,252{comment}\n"


def test_one_of_several_is_chosen(capsys):
    guess = ask("Does it rise or fall?", "rise", "fall")
    guess.entry.value = "fall"
    guess.reveal("rise")
    guess = ask("Which?", 1, 3)
    guess.entry.value = "3"
    guess.reveal(3)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Your guess: fall   The result: rise"
    assert lines[1] == "Your guess: 3   The result: 3   As you said."


def test_with_a_front_end_the_prompt_is_displayed_and_takes_one_guess(monkeypatch):
    displayed = []
    monkeypatch.setattr(sys.modules["nnlib.quiz"], "display", displayed.append)
    ask("How many?")
    assert displayed == []
    monkeypatch.setattr(sys.modules["nnlib.quiz"], "get_ipython", lambda: "a shell")
    guess = ask("How many?", 1, 2)
    assert displayed == [guess] and guess.made == "" and not guess.entry.disabled
    assert guess.entry.options == ("1", "2")
    guess.reveal(1)
    assert guess.entry.disabled
    assert ask("How many?")._repr_mimebundle_()["text/plain"] == "Predict. How many?"


def test_without_a_front_end_nothing_waits(capsys):
    guess = ask("Is 1 < 2?", "yes", "no")
    guess.reveal("yes")
    assert capsys.readouterr().out == "No guess was made. The result: yes\n"
    bundle = guess._repr_mimebundle_()
    assert bundle["text/plain"] == "Predict. Is 1 < 2? / yes / no"
    assert "1 &lt; 2" in guess.children[0].value
    assert isinstance(guess, Guess)
