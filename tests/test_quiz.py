"""The quizzes and the prompts: their data, what a click does, what is kept, what shows without."""

import html
import json
import re

import ipywidgets as widgets
import numpy as np
import pytest

from nnlib.activations import sigmoid
from nnlib.quiz import Guess, ask, questions, quiz, review
from nnlib.quiz.questions import notebooks

VIEW = "application/vnd.jupyter.widget-view+json"
every_quiz = pytest.mark.parametrize("notebook", notebooks())


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A function that returns what the progress file holds in a section."""
    file = tmp_path / "progress.json"
    monkeypatch.setenv("NNLIB_PROGRESS", str(file))
    return lambda section: json.loads(file.read_text(encoding="utf-8"))[section]


def buttons(shown):
    """The buttons of a quiz, question by question, and the widget that explains."""
    for panel in shown.children[:-1]:
        rows = [child for child in panel.children if isinstance(child, widgets.HBox)]
        yield [row.children[0] for row in rows], panel.children[-1]


# ----------------------------------------------------------------------------------------- data


def test_there_is_no_quiz_for_other_names():
    for name in ("2", "../00", ""):
        with pytest.raises(ValueError, match="no quiz for notebook"):
            quiz(name)


@every_quiz
def test_every_question_has_one_right_option_and_every_option_a_reason(notebook):
    asked = questions(notebook)
    asks = f"nnlib/quiz/{notebook}.toml: a quiz has 3 to 5 questions; replace one, or merge two"
    assert 3 <= len(asked) <= 5, asks
    for question in asked:
        count, options = len(question.options), question.options
        assert 3 <= count <= 4, f"3 or 4 options: {question.text}"
        assert [o.right for o in options].count(True) == 1, f"one is right: {question.text}"
        assert len({o.text for o in options}) == count, f"two options are equal: {question.text}"
        assert len({o.why for o in options}) == count, f"two reasons are equal: {question.text}"
        for text in (question.text, *(t for o in question.options for t in (o.text, o.why))):
            assert text == text.strip() and text.count("$") % 2 == 0, text
            assert text.count("<") == text.count(">"), text
        lengths = [len(option.why) for option in options]
        assert all(15 < n < 240 for n in lengths), f"16 to 239 letters: {lengths} {question.text}"
    places = {[o.right for o in question.options].index(True) for question in asked}
    assert len(places) > 1, "the right option always has the same letter"


def test_no_question_is_asked_twice():
    """Answers are kept by the question's text."""
    texts = [question.text for notebook in notebooks() for question in questions(notebook)]
    assert len(set(texts)) == len(texts)


@every_quiz
def test_the_numbers_of_a_quiz_are_proved(notebook):
    """Each expression holds; a decimal number in the right option or its reason is in one."""
    for question in questions(notebook):
        for expression in question.holds:
            assert eval(expression, {"np": np, "sigmoid": sigmoid}), expression
        right = next(option for option in question.options if option.right)
        numbers = re.findall(r"\d+\.\d+", question.text + right.text + right.why)
        missing = [number for number in numbers if number not in " ".join(question.holds)]
        assert missing == [] or not question.holds, f"prove {missing} in holds: {question.text}"


# ----------------------------------------------------------------------------------------- quiz


def test_a_click_explains_each_option_and_the_first_choice_counts():
    shown, asked = quiz("02"), questions("02")
    for question, (row, explanation) in zip(asked, buttons(shown), strict=True):
        assert explanation.value == ""
        for option, button in zip(question.options, row, strict=True):
            button.click()
            assert option.why in explanation.value
            assert ("Right." in explanation.value) == option.right
    firsts = sum(question.options[0].right for question in asked)
    assert shown.score.value.startswith(f"{firsts} of {len(asked)} right")


def test_first_choices_are_kept_and_shown_again(kept):
    row, _ = next(buttons(quiz("04")))
    row[1].click()
    row[0].click()
    question = questions("04")[0]
    assert kept("answers") == {question.text: question.options[1].text}
    again, *others = buttons(quiz("04"))
    assert question.options[1].why in again[1].value
    assert all(explanation.value == "" for _, explanation in others)


def test_two_quizzes_do_not_disturb_each_other():
    one, other = quiz("03"), quiz("03")
    next(buttons(one))[0][0].click()
    assert other.score.value == ""


def test_a_review_brings_back_what_was_wrong_first_then_what_was_never_asked(kept):
    earlier = [question for number in ("00", "01") for question in questions(number)]
    asked = {
        question.text: next(o.text for o in question.options if o.right == (number > 0))
        for number, question in enumerate(earlier[:-1])
    }
    for number in ("00", "01"):
        for question, (row, _) in zip(questions(number), buttons(quiz(number)), strict=True):
            if chosen := asked.get(question.text):
                row[[o.text for o in question.options].index(chosen)].click()
    first, second, *rest = review("02", count=20).asked
    assert (first, second) == (earlier[0], earlier[-1])
    assert set(rest) == set(earlier[1:-1])
    assert len(review("02").asked) == 5
    with pytest.raises(ValueError, match="before"):
        review("00")


@every_quiz
def test_without_widgets_the_questions_are_still_there(notebook):
    bundle = quiz(notebook)._repr_mimebundle_()
    assert VIEW in bundle
    text, folded = bundle["text/plain"], bundle["text/html"]
    assert not re.search(r"<\w|&\w+;", text)
    for number, question in enumerate(questions(notebook), 1):
        assert f"{number}. " in text
        for option in question.options:
            assert option.text in folded and option.why in folded
            assert option.why not in text
    assert folded.count("<details>") == sum(len(q.options) for q in questions(notebook))
    assert not re.search(r"https?://|<script|<img", html.unescape(folded))


# ------------------------------------------------------------------------------------------ ask


@pytest.mark.parametrize(
    ("entered", "result", "comment"),
    [
        (" 0,5 ", 0.75, "Off by 0.25."),
        ("1e-3", 0.002, "Off by 0.001."),
        ("5,252", 5252, "right"),
        ("5000", 5252, "Off by 252."),
        ("6,252", 5252, "Off by 1,000."),
        ("-1,000,000.5", 5252, "Off by 1,005,252."),
        ("0,500", 5252, "Off by 5,252."),
        ("1,5", 5252, "Off by 5,250."),
        ("three", 3, ""),
        ("4", "(3, 3)", ""),
    ],
)
def test_a_guess_is_compared_with_the_result(entered, result, comment, capsys):
    guess = ask("How many?")
    guess.entry.value = entered
    guess.reveal(result)
    line = capsys.readouterr().out
    assert entered.strip() in line
    assert (f"{result:,}" if isinstance(result, int) else str(result)) in line
    assert comment in line and line.count("   ") == 1 + bool(comment)
    assert guess.entry.disabled


@pytest.mark.parametrize("chosen, right", [("fall", False), ("rise", True)])
def test_one_of_several_options_is_chosen(chosen, right, capsys):
    guess = ask("Does it rise or fall?", "rise", "fall")
    guess.entry.value = chosen
    guess.reveal("rise")
    assert ("right" in capsys.readouterr().out) == right


def test_a_guess_is_kept_and_filled_in_again(kept):
    ask("How many?").entry.value = "7"
    ask("Which?", 1, 3).entry.value = "3"
    assert kept("guesses") == {"How many?": "7", "Which?": "3"}
    assert ask("How many?").made == "7"
    assert ask("Which?", 1, 3).made == "3"
    assert ask("Which?", 4, 5).made == ""  # the options have changed since
    assert ask("Another?").made == ""


def test_without_a_front_end_nothing_waits(capsys):
    guess = ask("Is 1 < 2?", "yes", "no")
    guess.reveal("yes")
    assert "yes" in capsys.readouterr().out
    assert guess._repr_mimebundle_()["text/plain"] == "Predict. Is 1 < 2? / yes / no"
    assert "1 &lt; 2" in guess.children[0].value
    assert isinstance(guess, Guess)
