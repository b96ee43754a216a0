"""A quiz as a widget: choose an option of each question, and read why it is right or not."""

from ipywidgets import HTML, Button, HBox, HTMLMath, Layout, VBox

from nnlib import colours
from nnlib.checks.progress_file import read_section, write_section
from nnlib.quiz.prompts import say
from nnlib.quiz.questions import Question, questions, questions_to_review

LETTERS = "ABCDEF"
KEPT = "answers"  # section of the progress file: {text of a question: text of the first choice}


def quiz(notebook: str) -> "Quiz":
    """Return the quiz of the notebook with that number, such as "02" or "04b"."""
    return Quiz(questions(notebook))


def review(notebook: str, *, count: int = 5) -> "Quiz":
    """Return a quiz of `count` questions from earlier notebooks, those you got wrong first.

    ValueError if no notebook before this one has a quiz.
    """
    found = questions_to_review(notebook, count, read_section(KEPT, {}))
    if not found:
        raise ValueError(f"no notebook before {notebook!r} has a quiz")
    return Quiz(found, restore=False)


class Quiz(VBox):
    """Questions one below the other, and the score.

    `restore`: whether the answers kept in the progress file are shown again.
    """

    def __init__(self, asked: tuple[Question, ...] | list[Question], *, restore: bool = True):
        self.asked = tuple(asked)
        self.first_choices: dict[str, str] = {}
        self.score = HTML()
        self._explanations = [HTMLMath(layout=Layout(margin="0 0 0 3em")) for _ in asked]
        super().__init__([*map(self._panel, range(len(self.asked))), self.score])
        kept = read_section(KEPT, {}) if restore else {}
        for number, question in enumerate(self.asked):
            for option in question.options:
                if kept.get(question.text) == option.text:
                    self._explain(number, option)

    def _panel(self, number):
        question = self.asked[number]
        rows = [HTMLMath(f"<b>{number + 1}.</b> {question.text}")]
        for letter, option in zip(LETTERS, question.options):
            hint = say("button", letter=letter)
            button = Button(description=letter, tooltip=hint, layout={"flex": "0 0 3em"})
            button.on_click(lambda _, option=option: self._choose(number, option))
            rows.append(HBox([button, HTMLMath(option.text)], layout={"align_items": "center"}))
        return VBox([*rows, self._explanations[number]], layout=Layout(margin="0 0 1em 0"))

    def _choose(self, number, option):
        self._explain(number, option)
        kept = read_section(KEPT, {})
        text = self.asked[number].text
        write_section(KEPT, kept | {text: self.first_choices[text]})

    def _explain(self, number, option):
        question = self.asked[number]
        self.first_choices.setdefault(question.text, option.text)
        letter = LETTERS[question.options.index(option)]
        colour = colours.POSITIVE if option.right else colours.NEGATIVE
        verdict = f'<b style="color:{colour}">{letter} · {_verdict(option)}</b>'
        self._explanations[number].value = f"{verdict} {option.why}"
        right = sum(
            option.right and self.first_choices.get(q.text) == option.text
            for q in self.asked
            for option in q.options
        )
        self.score.value = say("score", right=right, count=len(self.asked))

    def _repr_mimebundle_(self, **settings):
        return super()._repr_mimebundle_(**settings) | self._fallback()

    def _fallback(self):
        """The quiz as text, and as HTML in which each option opens to its explanation."""
        plain, folded = [], []
        for number, question in enumerate(self.asked, 1):
            plain.append(f"{number}. {_plain(question.text)}")
            folded.append(f"<p><b>{number}.</b> {question.text}</p>")
            for letter, option in zip(LETTERS, question.options):
                plain.append(f"   {letter}) {_plain(option.text)}")
                folded.append(
                    f"<details><summary>{letter} · {option.text}</summary>"
                    f"<p><b>{_verdict(option)}</b> {option.why}</p></details>"
                )
        return {"text/plain": "\n".join(plain), "text/html": "\n".join(folded)}


def _verdict(option):
    return say("right" if option.right else "wrong")


def _plain(text):
    """HTML without its tags, for a terminal."""
    for tag in ("code", "b", "i", "sub", "sup"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
