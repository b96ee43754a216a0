"""A pad to write digits on; the notebook's own network reads them. Notebook 10b."""

import numpy as np

from nnlib import _validation as validation
from nnlib import data
from nnlib.live.explorers.explorer import Explorer, choice, slider
from nnlib.live.handwriting import Strokes, like_the_data_set, to_pixels
from nnlib.live.render.panel import ACCENT, BACKGROUND, FAINT, GRID, INK, POSITIVE, Plot
from nnlib.live.widget import Picture
from nnlib.network import Network, forward, validate_parameters

AS_DRAWN, PREPARED = "as drawn", "like the data set"
EMPTY = np.zeros((1, 64))
BARS = Plot(26, 36, 230, 230, x=(0, 1), y=(0, 10))
MAX_POINTS = 4000  # of all strokes


class DigitPad(Explorer):
    """Write a digit; the network answers with ten bars, and shows the 8 × 8 picture it really sees.

    `read` answers for grey values X (m, 64) from 0 to `largest` with ten numbers each (m, 10), or
    with those of several networks (K, m, 10). It may be a function, a list of functions, or a pair
    (network, parameters), also with a stack of parameters. `pictures=(X, y)`: the digits, with grey
    values 0 … 16, among which the nearest one is looked for; by default all of `data.digits()`.
    """

    key, kind = "digit_pad", "digit_pad"
    buttons, plays = ("undo", "clear", "keep"), False
    preparation = choice(AS_DRAWN, AS_DRAWN, PREPARED)
    thickness = slider(3.0, low=1.0, high=7.0, step=0.1)
    truth = choice(0, *range(10))

    def __init__(self, read, *, largest=16.0, pictures=None, preparation=AS_DRAWN):
        self._readers = as_readers(read)
        self._largest = validation.as_float(largest, "largest", above=0)
        X, y = data.digits() if pictures is None else pictures
        self._pictures = validation.as_samples(X, 64, "the pictures")
        self._labels = np.asarray(y).argmax(axis=1)
        self._strokes, self._sent, self.kept, self._problem = [], None, [], ""
        super().__init__(preparation=preparation)

    # -- from Python -------------------------------------------------------------------------------

    @property
    def strokes(self) -> Strokes:
        """What is drawn: lists of points (x, y) on a pad of 32 × 32. Assign others to draw."""
        return self._strokes

    @strokes.setter
    def strokes(self, strokes):
        cleaned = [[(float(x), float(y)) for x, y in stroke] for stroke in strokes if len(stroke)]
        if sum(map(len, cleaned)) > MAX_POINTS:
            raise ValueError(f"the strokes must have at most {MAX_POINTS:,} points")
        numbers = np.array([point for stroke in cleaned for point in stroke] or [(0.0, 0.0)])
        validation.as_finite(numbers, "the points of the strokes")
        self._strokes, self._sent = cleaned, None

    @property
    def pixels(self) -> np.ndarray:
        """The 64 grey values (1, 64), 0 … 16, that the network gets."""
        return self.pixels_of(self._strokes, self.preparation)

    def pixels_of(self, strokes, preparation) -> np.ndarray:
        """Return the 64 grey values (1, 64) of strokes "as drawn" or "like the data set"."""
        if not strokes:
            return EMPTY
        if preparation == PREPARED:
            return like_the_data_set(strokes)
        return to_pixels(strokes, self.thickness)

    def answers(self, pixels=None) -> np.ndarray:
        """Return ten numbers from each network (K, 10), for the picture on the pad by default."""
        X = (self.pixels if pixels is None else pixels) * (self._largest / 16.0)
        rows = [_ten_numbers(reader(X.copy())) for reader in self._readers]
        return np.concatenate(rows)

    def nearest(self) -> tuple[int, float]:
        """Return the row of the nearest picture, and how far away it is (root mean square)."""
        distance = np.sqrt(((self._pictures - self.pixels) ** 2).mean(axis=1))
        row = int(distance.argmin())
        return row, float(distance[row])

    def kept_samples(self, preparation=PREPARED) -> tuple[np.ndarray, np.ndarray]:
        """Return your kept digits as X (n, 64) and one-hot y (n, 10), as `data.digits()` does."""
        X = [self.pixels_of(strokes, preparation)[0] for strokes, _ in self.kept]
        return np.array(X).reshape(-1, 64), np.eye(10)[[truth for _, truth in self.kept]]

    def kept_right(self, preparation) -> int:
        """Return how many of your kept digits are read right."""
        X, y = self.kept_samples(preparation)
        right = [self.answers(x[None]).mean(axis=0).argmax() == t.argmax() for x, t in zip(X, y)]
        return int(sum(right))

    # -- what the page asks for --------------------------------------------------------------------

    def on_strokes(self, strokes):
        before = self._sent
        self.strokes = strokes
        self._sent = before and [*strokes]  # the page has them already

    def on_clear(self):
        self.strokes = []

    def on_undo(self):
        self.strokes = self._strokes[:-1]

    def on_keep(self):
        """Keep the digit with its true class, to count how many are read right."""
        if self._strokes:
            self.kept.append((self._strokes, self.truth))
            self.strokes = []

    def alert(self):
        return self._problem

    def _answers_now(self):
        """Return the answers; zeros, and a problem to show, where a reader fails."""
        self._problem = ""
        try:
            return self.answers() if self._strokes else np.zeros((1, 10))
        except Exception as error:
            self._problem = self.say("failed", error=f"{type(error).__name__}: {error}")
            return np.zeros((1, 10))

    def picture(self, full):
        content, buffers = super().picture(full)
        if full or self._sent is None:
            self._sent = self._strokes
            content["strokes"] = self._strokes
        content["thickness"] = self.thickness
        return Picture(content, buffers)

    def words(self):
        if not self._strokes:
            sentence = self.say("empty")
        else:
            answers = self._answers_now()
            sentence = self._problem or self._verdict(answers)
        if self.kept and not self._problem:
            counts = {"count": len(self.kept), "drawn": self.kept_right(AS_DRAWN)}
            sentence += " " + self.say("kept", **counts, prepared=self.kept_right(PREPARED))
        return sentence

    def _verdict(self, answers):
        """Return what the networks say about the digit, in words."""
        mean, row = answers.mean(axis=0), self.nearest()[0]
        digit, second = (int(k) for k in np.argsort(mean)[[-1, -2]])
        values = {"digit": digit, "percent": round(100 * float(mean[digit]))}
        values |= {"second": second, "second_percent": round(100 * float(mean[second]))}
        words = self.say("verdict", **values, nearest=int(self._labels[row]))
        if len(answers) > 1:
            others = int((answers.argmax(axis=1) != digit).sum())
            words += " " + self.say("doubt", others=others, count=len(answers))
        return words

    # -- picture -----------------------------------------------------------------------------------

    def panels(self):
        return [self._seen_panel(), self._bars_panel()]

    def _seen_panel(self):
        panel = self.panel(300, 200, "seen_title")
        self._draw_digit(panel, 0, self.pixels[0], self.say("seen"))
        if self._strokes:
            row, _ = self.nearest()
            label = self.say("nearest", digit=int(self._labels[row]))
            self._draw_digit(panel, 156, self._pictures[row], label)
        return panel

    def _draw_digit(self, panel, left, pixels, label):
        """Draw an 8 × 8 picture."""
        top, cell = 28, 17
        panel.box(left, top, 8 * cell, 8 * cell, fill=BACKGROUND, stroke=GRID)
        for k in np.flatnonzero(pixels):
            x, y, opacity = left + k % 8 * cell, top + k // 8 * cell, round(pixels[k] / 16, 2)
            panel.box(x, y, cell, cell, fill=INK, opacity=opacity)
        panel.text(left + 4 * cell, top + 8 * cell + 18, label, colour=FAINT)

    def _bars_panel(self):
        answers = self._answers_now()
        mean = answers.mean(axis=0)
        panel = self.panel(300, 290, "bars_title" if len(answers) == 1 else "ensemble_title")
        for digit in range(10):
            won = bool(self._strokes) and digit == mean.argmax()
            self._draw_bar(panel, digit, float(mean[digit]), won)
            if len(answers) > 1:
                shares = np.clip(answers[:, digit], 0, 1)
                panel.dots(BARS.points(shares, np.full(len(shares), 9.6 - digit)), 4, opacity=0.45)
        return panel

    def _draw_bar(self, panel, digit, share, won):
        """Draw what the network gives one digit."""
        x, y = BARS.at(0, 9.6 - digit)
        weight = 700 if won else None
        panel.text(x - 12, y + 5, digit, size=14, weight=weight)
        panel.line([(x, y), (x + BARS.width, y)], colour=GRID, width=1)
        length = BARS.width * min(max(share, 0.0), 1.0)
        look = {"fill": ACCENT if won else POSITIVE, "opacity": 0.75, "radius": 2}
        panel.box(x, y - 7, length, 14, **look)
        if self._strokes:
            text = f"{100 * share:.0f} %"
            panel.text(x + BARS.width + 6, y + 4, text, anchor="start", colour=FAINT, weight=weight)


def as_readers(read) -> list:
    """Return functions X (m, 64) → (m, 10) or (K, m, 10) for what DigitPad takes as `read`."""
    if callable(read):
        return [read]
    is_pair = isinstance(read, (tuple, list)) and len(read) == 2
    if is_pair and isinstance(read[0], Network):
        network, parameters = read[0], validate_parameters(*read)
        return [lambda X: forward(network, parameters, X).y_hat]
    if isinstance(read, (tuple, list)) and read:
        return [reader for one in read for reader in as_readers(one)]
    expected = "a function X (m, 64) -> (m, 10), a list of such, or a pair (network, parameters)"
    raise TypeError(f"read must be {expected}; got {read!r:.60}")


def _ten_numbers(answer):
    """Return what a reader answered for one picture as (K, 10)."""
    answer = np.asarray(answer, dtype=float)
    if answer.ndim not in (2, 3) or answer.shape[-1] != 10:
        raise ValueError(f"read must return shape (m, 10) or (K, m, 10); got {answer.shape}")
    return np.nan_to_num(answer.reshape(-1, 10))
