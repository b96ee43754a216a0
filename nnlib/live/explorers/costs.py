"""The cost as squares that can be seen, and as the surprise of a probability. Notebooks 03, 07."""

import numpy as np

from nnlib import _validation as validation
from nnlib import data
from nnlib.activations import sigmoid
from nnlib.formatting import format_number
from nnlib.live.explorers.explorer import Explorer, choice
from nnlib.live.render.maps import contour_map
from nnlib.live.render.panel import (
    ACCENT,
    FAINT,
    GRID,
    INK,
    NEGATIVE,
    PAPER,
    POSITIVE,
    SERIES,
    Plot,
)

LINE = Plot(34, 42, 270, 270, x=(-0.05, 1.05), y=(-0.05, 1.05))
BOWL = Plot(34, 42, 270, 270, x=(-1.0, 2.0), y=(-0.7, 1.3))
MAP_SIDE = 60
STEPS_A_SECOND = 24
RATE = 0.25
STILL = 1e-4  # largest step at which gradient descent has arrived


class SquaredErrors(Explorer):
    """A line ŷ = w x + b, its squared errors as squares, and its place on the cost's bowl.

    `x` and `y` are numbers from 0 to 1, one for each sample; by default eight flats.
    """

    key = "squared_errors"
    buttons = ("step", "reset")
    autoplay = True

    def __init__(self, x=None, y=None, *, w=-0.5, b=0.85, names=("size", "price")):
        if x is None:
            X, prices = data.flats()
            x, y = X[:, 0] / X[:, 0].max() - 0.03 * (X[:, 1] % 3 - 1), prices / 100
        self.x = validation.as_finite(np.ravel(x), "x")
        self.y = validation.as_finite(np.ravel(y), "y")
        if len(self.x) != len(self.y):
            raise ValueError(f"x and y must have equally many numbers; got {len(x)} and {len(y)}")
        self.names, self._start = names, (float(w), float(b))
        self.w, self.b = self._start
        super().__init__()
        w1, b1 = np.meshgrid(np.linspace(*BOWL.x, MAP_SIDE), np.linspace(*BOWL.y, MAP_SIDE))
        self._map = contour_map(self.cost(w1, b1))

    def cost(self, w, b):
        """Return the mean squared error of lines with these weights and biases, of any shape."""
        w, b = np.asarray(w)[..., None], np.asarray(b)[..., None]
        return ((w * self.x + b - self.y) ** 2).mean(axis=-1)

    def reset(self):
        super().reset()
        self.w, self.b = self._start

    def step(self):
        """Take one step of gradient descent."""
        error = self.w * self.x + self.b - self.y
        dw, db = 2 * float((error * self.x).mean()), 2 * float(error.mean())
        self.w, self.b = self.w - RATE * dw, self.b - RATE * db
        return max(abs(dw), abs(db)) * RATE

    def move(self, seconds):
        """Roll down the bowl, slowly enough to watch."""
        self._due = getattr(self, "_due", 0.0) + seconds * STEPS_A_SECOND
        steps, self._due = int(self._due), self._due % 1
        for _ in range(steps):
            self.playing = self.step() > STILL

    def drag_left(self, x, y):
        """Move the line's end at x = 0; the other end stays."""
        end, self.b = self.w + self.b, LINE.data(x, y)[1]
        self.w, self.playing = end - self.b, False

    def drag_right(self, x, y):
        """Move the line's end at x = 1; the other end stays."""
        self.w, self.playing = LINE.data(x, y)[1] - self.b, False

    def drag_ball(self, x, y):
        (self.w, self.b), self.playing = BOWL.data(x, y), False

    def words(self):
        w, b = round(self.w, 3), round(self.b, 3)
        sign, cost = "−" if b < 0 else "+", float(self.cost(self.w, self.b))
        count = len(self.x)
        return self.say("words", w=w, sign=sign, b=abs(b), cost=cost, count=count)

    def panels(self):
        return [self._line_panel(), self._bowl_panel()]

    def _line_panel(self):
        panel = self.panel(320, 346, "line_title")
        LINE.axes(panel, self.names, (0, 0.5, 1), (0, 0.5, 1))
        side = np.sqrt(float(self.cost(self.w, self.b)))
        for x, y in zip(self.x.tolist(), self.y.tolist()):
            self._draw_square(panel, x, y)
        ends = [LINE.points([v], [self.w * v + self.b])[0] for v in (0.0, 1.0)]
        reach = np.array(LINE.x)
        LINE.curve(panel, reach, self.w * reach + self.b, width=2.6)
        panel.dots(LINE.points(self.x, self.y), 8, colour=INK)
        for name, (across, up) in zip(("left", "right"), ends):
            up = float(np.clip(up, LINE.top, LINE.top + LINE.height))
            value = self.b if name == "left" else self.w + self.b
            panel.handle(name, float(across), up, self.say(f"{name}_name"), value)
        self._draw_mean(panel, side)
        return panel

    def _draw_square(self, panel, x, y):
        """Draw the square of one sample's error, between the dot and the line."""
        error = self.w * x + self.b - y
        across, up = LINE.points([x], [y])[0].tolist()
        size = abs(error) * LINE.height / (LINE.y[1] - LINE.y[0])
        left = across if x < 0.5 else across - size
        top = up - size if error > 0 else up
        colour = POSITIVE if error > 0 else NEGATIVE
        panel.box(left, top, size, size, fill=colour, stroke=colour, opacity=0.18)

    def _draw_mean(self, panel, side):
        """Draw the cost in a corner: the average of the squares, as a square."""
        size = side * LINE.height / (LINE.y[1] - LINE.y[0])
        left, top = LINE.left + 10, LINE.top + 22
        panel.text(left, top - 7, self.say("mean"), anchor="start", colour=ACCENT, rim=True)
        panel.box(left, top, size, size, fill=ACCENT, stroke=ACCENT, opacity=0.3)

    def _bowl_panel(self):
        panel = self.panel(320, 346, "bowl_title")
        panel.fixed("map", lambda: BOWL.image(panel, self._map))
        BOWL.axes(panel, ("weight w", "bias b"), (-1, 0, 1, 2), (-0.5, 0, 0.5, 1))
        BOWL.frame(panel)
        panel.drag_area("ball", BOWL.left, BOWL.top, BOWL.width, BOWL.height)
        text = self.say("ball_text", w=self.w, b=self.b)
        panel.handle("ball", *BOWL.at(self.w, self.b), self.say("ball_name"), self.w, text)
        return panel


SURPRISE = Plot(34, 42, 270, 220, x=(0, 1), y=(0, 5))
SLOPE = Plot(34, 42, 270, 220, x=(-8, 8), y=(0, 6))
Z = np.linspace(-8, 8, 120)
P = np.linspace(0.0005, 0.9995, 160)
ROLL = 2.2  # learning rate times steps in a second
STARTS = -6.0, 6.0


class CrossEntropy(Explorer):
    """The cost −ln ŷ of a probability, and why it pulls harder than the squared error.

    `true_class` is what the answer should be, 1 or 0. `z` is what the output's sigmoid gets:
    ŷ = f(z). `other_z` is that of a second network, which learns by squared error.
    """

    key = "cross_entropy"
    autoplay = True
    buttons = ("reset",)
    true_class = choice(1, 1, 0)

    def __init__(self, true_class=1, *, z=None):
        super().__init__(true_class=true_class)
        self._begin = z
        self._place()
        self.observe(lambda change: self._place(), "true_class")

    def _place(self):
        wrong = STARTS[0] if self.true_class else STARTS[1]
        self.z = self.other_z = float(wrong if self._begin is None else self._begin)

    @property
    def y_hat(self) -> float:
        """The probability ŷ of class 1."""
        return float(sigmoid(self.z))

    @property
    def cost(self) -> float:
        """The cross-entropy now."""
        return float(_surprise(self.z, self.true_class))

    def reset(self):
        super().reset()
        self._place()

    def on_play(self):
        super().on_play()
        if self.playing and abs(self.y_hat - self.true_class) < 0.03:
            self._place()

    def move(self, seconds):
        """Let both networks learn with the same learning rate."""
        self.z -= ROLL * seconds * (self.y_hat - self.true_class)
        other = float(sigmoid(self.other_z))
        self.other_z -= ROLL * seconds * 2 * (other - self.true_class) * other * (1 - other)
        self.playing = abs(self.y_hat - self.true_class) > 0.02

    def drag_probability(self, x, y):
        share = float(np.clip(SURPRISE.data(x, y)[0], 0.0004, 0.9996))
        self._set(float(np.log(share / (1 - share))))

    def drag_z(self, x, y):
        self._set(SLOPE.data(x, y)[0])

    def _set(self, z):
        self.z = self.other_z = z
        self.playing = False

    def words(self):
        sure = self.y_hat if self.true_class else 1 - self.y_hat
        slope, other = self.y_hat - self.true_class, float(sigmoid(self.other_z))
        other_slope = 2 * (other - self.true_class) * other * (1 - other)
        values = {"sure": sure, "cost": self.cost, "slope": slope, "other_slope": other_slope}
        return self.say("words", y_hat=self.y_hat, true_class=self.true_class, **values)

    def panels(self):
        return [self._surprise_panel(), self._slope_panel()]

    def _surprise_panel(self):
        panel = self.panel(320, 296, "surprise_title")
        SURPRISE.axes(panel, ("ŷ", self.say("cost")), (0, 0.5, 1), (0, 1, 2, 3, 4, 5))
        true = P if self.true_class else 1 - P
        SURPRISE.curve(panel, P, (P - self.true_class) ** 2, colour=FAINT, dashes="5 4")
        SURPRISE.curve(panel, P, -np.log(true), width=2.6)
        across, up = SURPRISE.at(self.y_hat, self.cost)
        bottom = SURPRISE.top + SURPRISE.height
        panel.line([(across, bottom), (across, up)], colour=ACCENT, dashes="3 3")
        text = self.say("dot_text", y_hat=self.y_hat, cost=self.cost)
        panel.handle("probability", across, up, self.say("dot_name"), self.y_hat, text)
        formula = "−ln ŷ" if self.true_class else "−ln (1 − ŷ)"
        middle = SURPRISE.left + SURPRISE.width / 2
        panel.text(middle, 68, f"{formula} = {format_number(self.cost)}", size=14, weight=600)
        panel.text(middle, 82, self.say("squared"), colour=FAINT)
        return panel

    def _slope_panel(self):
        panel = self.panel(320, 296, "slope_title")
        SLOPE.axes(panel, ("z", self.say("cost")), (-8, -4, 0, 4, 8), (0, 2, 4, 6))
        panel.line([SLOPE.at(0, 0), SLOPE.at(0, 6)], colour=GRID, width=1)
        SLOPE.curve(panel, Z, _surprise(Z, self.true_class), width=2.6)
        squared = (sigmoid(Z) - self.true_class) ** 2
        SLOPE.curve(panel, Z, squared, colour=SERIES[0], width=2.4, dashes="5 4")
        other = float((sigmoid(self.other_z) - self.true_class) ** 2)
        panel.circle(*SLOPE.at(self.other_z, other), 7, fill=SERIES[0], stroke=PAPER, width=2)
        text = self.say("dot_text", y_hat=self.y_hat, cost=self.cost)
        at = SLOPE.at(self.z, self.cost)
        panel.handle("z", *at, self.say("z_name"), self.z, text)
        return panel


def _surprise(z, answer):
    """Return the cross-entropy of a class for the output's z, without overflow."""
    return np.logaddexp(0, -z if answer else z)
