"""Quizzes with feedback on every option, prompts for a guess, and a review of earlier quizzes.

`quiz("02")` shows the questions in `02.toml`. What you answer and guess is kept in the progress
file beside the notebooks. Where there are no widgets, the same questions appear as folded HTML or
as text.
"""

from nnlib.quiz.prompts import Guess, ask
from nnlib.quiz.questions import Option, Question, questions
from nnlib.quiz.quizzes import Quiz, quiz, review

__all__ = ["Guess", "Option", "Question", "Quiz", "ask", "questions", "quiz", "review"]
