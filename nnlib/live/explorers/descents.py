"""Ways down a cost surface. Notebooks 03, 05 and 08."""

from itertools import cycle

import numpy as np

from nnlib import _validation as validation
from nnlib.formatting import format_number
from nnlib.live.explorers.explorer import Explorer, choice, slider
from nnlib.live.render.maps import LEVELS, contour_levels, contour_map, contour_shades
from nnlib.live.render.panel import ACCENT, FAINT, INK, PAPER, SERIES, Plot
from nnlib.live.texts import name_of
from nnlib.optimizers import OPTIMIZERS

MAP_BOX = {"left": 34, "top": 42, "width": 280, "height": 280}
MAP_SIDE = 64
NUDGE = 1e-4  # of a weight, to measure a slope
MAX_STEPS = 300
STEPS_A_SECOND = 15
STILL = 1e-3  # of the map's width: a step that is smaller ends the way
FAR = 1e3  # map widths away, where a ball is given up
LOWEST = 1e-4  # lowest cost on the logarithmic axis of the race


def two_valleys(w1, w2):
    """Return a cost with a deep valley at the right and a shallow one at the left."""
    bowl = 0.06 * (w1**2 + w2**2) + 1.24433  # so that the lowest cost is 0
    left = 0.9 * np.exp(-((w1 + 1.7) ** 2 + (w2 - 0.6) ** 2) / 1.1)
    right = 1.4 * np.exp(-((w1 - 1.5) ** 2 + (w2 + 0.7) ** 2) / 1.3)
    return bowl - left - right


def trench(w1, w2):
    """Return a long, narrow cost: sixty times as steep across as along."""
    return 0.03 * (w1 - 1.6) ** 2 + 2.0 * (w2 + 0.4 * np.sin(w1)) ** 2


def saddle(w1, w2):
    """Return a cost with a saddle in the middle and a minimum on each side of it."""
    return 0.5 * w1**2 + 0.12 * w2**4 - 0.6 * w2**2 + 0.75


SURFACES = {"trench": trench, "two valleys": two_valleys, "saddle": saddle}
STARTS = {"trench": (-2.4, 1.6), "two valleys": (-0.6, 2.6), "saddle": (-2.4, 0.02)}


class Surface:
    """A function of two weights with its map; slopes are measured with a small nudge."""

    def __init__(self, function, w1_values, w2_values, names):
        self.function, self.names = function, names
        self.values = [validation.as_finite(np.ravel(v), "values") for v in (w1_values, w2_values)]
        (low1, high1), (low2, high2) = self.reach = [(v[0], v[-1]) for v in self.values]
        self.plot = Plot(**MAP_BOX, x=(float(low1), float(high1)), y=(float(low2), float(high2)))
        self.width = np.array([high1 - low1, high2 - low2])
        heights = [[function(w1, w2) for w1 in self.values[0]] for w2 in self.values[1]]
        self.heights = np.array(heights, dtype=float).reshape(len(self.values[1]), -1)
        self._uri = contour_map(self.heights)

    def slope(self, at) -> np.ndarray:
        """Return the slopes (2,) at a point (2,)."""
        w1, w2 = at
        rise1 = self.function(w1 + NUDGE, w2) - self.function(w1 - NUDGE, w2)
        rise2 = self.function(w1, w2 + NUDGE) - self.function(w1, w2 - NUDGE)
        return np.array([float(rise1), float(rise2)]) / (2 * NUDGE)

    def contains(self, at) -> bool:
        """Whether a point is on the map."""
        return all(low <= w <= high for w, (low, high) in zip(at, self.reach))

    def draw(self, panel, key):
        """Draw the map with its axes."""
        panel.fixed(f"map {key}", lambda: self.plot.image(panel, self._uri))
        self.plot.frame(panel)
        self.plot.axes(panel, self.names, self.plot.x, self.plot.y)

    def draw_path(self, panel, path, colour):
        """Draw a way (n, 2) with a dot for each step."""
        points = self.plot.points(*np.transpose(path))
        low = np.array([self.plot.left, self.plot.top])
        points = np.clip(points, low, low + np.array([self.plot.width, self.plot.height]))
        panel.line(points, colour=colour, width=1.4, opacity=0.9)
        panel.dots(points[-60:], 4, colour=colour)

    def draw_shades(self, panel, x, y, width, height):
        """Draw the greys of the map in a row, with the heights between some of them."""
        panel.image(contour_shades(), x, y, width, height)
        for k, level in list(enumerate(contour_levels(self.heights)))[:: LEVELS // 3]:
            text = format_number(float(level))
            panel.text(x + width * k / LEVELS, y + height + 16, text, colour=FAINT, size=11)


def costs_plot(costs, steps):
    """Return a Plot for costs over so many steps."""
    costs = np.asarray(costs)[np.isfinite(costs)]
    low, high = min(0.0, float(costs.min())), max(float(costs.max()), 1e-9)
    return Plot(44, 36, 240, 150, x=(0, max(steps, 10)), y=(low, high))


class RollingBall(Explorer):
    """A ball on the surface cost(w1, w2) that you place and let roll downhill. Notebooks 03, 05."""

    key = "rolling_ball"
    buttons = ("step", "reset")

    def __init__(self, cost=two_valleys, w1_values=None, w2_values=None, *, start=(-0.4, 2.2),
                 learning_rate=0.3, names=("w1", "w2")):  # fmt: skip
        w1_values = np.linspace(-3, 3, 49) if w1_values is None else w1_values
        w2_values = np.linspace(-3, 3, 49) if w2_values is None else w2_values
        self.surface = Surface(cost, w1_values, w2_values, names)
        rate = validation.as_float(learning_rate, "learning_rate", above=0)
        self.path = self._start = [np.array(start, dtype=float)]
        self._due = 0.0
        low, high = rate / 30, rate * 30
        self.add_traits(learning_rate=slider(rate, low=low, high=high, logarithmic=True))
        super().__init__()

    def place(self, w1, w2):
        """Put the ball somewhere else."""
        self.path = [np.array([w1, w2], dtype=float)]

    def reset(self):
        super().reset()
        self.path = self._start

    def step(self):
        """Take one step against the slopes, unless it leads out of sight."""
        change = -self.learning_rate * self.surface.slope(self.path[-1])
        far = np.abs(self.path[-1]).max() > FAR * self.surface.width.max()
        if np.isfinite(change).all() and not far:
            self.path = [*self.path[-MAX_STEPS:], self.path[-1] + change]
        return change

    def move(self, seconds):
        self._due += seconds * STEPS_A_SECOND
        steps, self._due = int(self._due), self._due % 1
        for _ in range(steps):
            change = self.step()
            moved = np.abs(change / self.surface.width).max()
            self.playing = bool(moved > STILL and self.surface.contains(self.path[-1]))
            if not self.playing:
                break

    def drag_ball(self, x, y):
        self.playing = False
        self.place(*self.surface.plot.data(x, y))

    def words(self):
        (w1, w2), slope = self.path[-1].tolist(), self.surface.slope(self.path[-1])
        name1, name2 = self.surface.names
        cost = float(self.surface.function(w1, w2))
        values = {"w1": w1, "w2": w2, "slope1": float(slope[0]), "slope2": float(slope[1])}
        names = {"name1": name1, "name2": name2, "steps": len(self.path) - 1}
        words = self.say("words", **values, **names, cost=cost)
        inside = self.surface.contains(self.path[-1])
        return words if inside else " ".join([words, self.say("outside")])

    def panels(self):
        surface, ball = self.surface, self.path[-1]
        panel = self.panel(330, 356, "title")
        surface.draw(panel, "ball")
        plot = surface.plot
        panel.drag_area("ball", plot.left, plot.top, plot.width, plot.height)
        surface.draw_path(panel, self.path, INK)
        text = self.say("ball_text", w1=float(ball[0]), w2=float(ball[1]))
        panel.handle("ball", *plot.at(*ball), self.say("ball_name"), float(ball[0]), text)
        return [panel, self._costs_panel()]

    def _costs_panel(self):
        panel = self.panel(300, 356, "costs_title")
        costs = np.array([float(self.surface.function(*at)) for at in self.path[-MAX_STEPS:]])
        plot = costs_plot([*costs, float(np.nanmin(self.surface.heights))], len(costs) - 1)
        plot.axes(panel, (self.say("steps"), ""), (0, int(plot.x[1])), (0, plot.y[1]))
        plot.curve(panel, np.arange(len(costs)), costs, width=2.2)
        panel.circle(*plot.at(len(costs) - 1, costs[-1]), 5, fill=ACCENT)
        panel.text(44, 268, self.say("shades"), anchor="start", colour=FAINT)
        panel.fixed("shades", lambda: self.surface.draw_shades(panel, 44, 276, 240, 16))
        return panel


class OptimizerRace(Explorer):
    """All optimisers of `OPTIMIZERS` from the same place on the same cost surface. Notebook 08b.

    `surface` is one of SURFACES. `rates`: {optimiser: learning rate}; others get 0.1. `start`:
    where on every surface; by default each surface has its own.
    """

    key = "optimizer_race"
    buttons = ("step", "reset")
    autoplay = True
    surface = choice("trench", *SURFACES)
    rate = slider(1.0, low=0.1, high=10.0, logarithmic=True)

    def __init__(self, surface="trench", *, start=None, rates=None):
        usual = {"gradient descent": 0.42, "momentum": 0.08, "rmsprop": 0.1, "adam": 0.2}
        self.rates, self._start, self._due = usual | (rates or {}), start, 0.0
        values, names = np.linspace(-3, 3, MAP_SIDE), ("w1", "w2")
        self._surfaces = {
            name: Surface(function, values, values, names) for name, function in SURFACES.items()
        }
        super().__init__(surface=surface)
        self._place()
        self.observe(self._again, ["surface", "rate"])

    def _again(self, change):
        self._place(None if change.name == "surface" else self._starting_point())
        self.play_if_shown()

    def _place(self, start=None):
        start = self._start if start is None else start
        start = np.array(STARTS[self.surface] if start is None else start, dtype=float)
        self.paths = {name: [start] for name in OPTIMIZERS}
        self._states = {name: rule.init_state(start) for name, rule in OPTIMIZERS.items()}

    def _starting_point(self):
        return next(iter(self.paths.values()))[0]

    def reset(self):
        super().reset()
        self._place()

    def step(self):
        """Let every optimiser take one step."""
        surface = self._surfaces[self.surface]
        for name, rule in OPTIMIZERS.items():
            at = self.paths[name][-1]
            direction, self._states[name] = rule.direction(surface.slope(at), self._states[name])
            after = at - self.rate * self.rates.get(name, 0.1) * direction
            if np.isfinite(after).all() and np.abs(after).max() < FAR:
                self.paths[name].append(after)
            else:
                self.paths[name].append(at)

    def move(self, seconds):
        self._due += seconds * STEPS_A_SECOND
        steps, self._due = int(self._due), self._due % 1
        for _ in range(steps):
            self.step()
        self.playing = self.steps < MAX_STEPS

    @property
    def steps(self) -> int:
        """How many steps each has taken."""
        return len(next(iter(self.paths.values()))) - 1

    moving = "paths", "_states"

    def preview(self):
        self.paths = {name: [*path] for name, path in self.paths.items()}
        for _ in range(60):
            self.step()

    def costs(self) -> dict[str, np.ndarray]:
        """Return the cost of each optimiser after each step."""
        function = SURFACES[self.surface]
        return {name: function(*np.transpose(path)) for name, path in self.paths.items()}

    def drag_start(self, x, y):
        self._place(self._surfaces[self.surface].plot.data(x, y))
        self.playing = not self.reduced

    def words(self):
        ends = {name: round(float(costs[-1]), 3) for name, costs in self.costs().items()}
        listed = ", ".join(f"{name_of(name)} {format_number(end)}" for name, end in ends.items())
        return self.say("words", steps=self.steps, costs=listed)

    def panels(self):
        surface = self._surfaces[self.surface]
        panel = self.panel(330, 356, "title")
        surface.draw(panel, self.surface)
        plot = surface.plot
        panel.drag_area("start", plot.left, plot.top, plot.width, plot.height)
        for path, colour in zip(self.paths.values(), cycle(SERIES)):
            surface.draw_path(panel, path, colour)
        for path, colour in zip(self.paths.values(), cycle(SERIES)):
            panel.circle(*plot.at(*path[-1]), 7, fill=colour, stroke=PAPER, width=2)
        start = self._starting_point()
        at, text = plot.at(*start), self.say("start_text", w1=float(start[0]), w2=float(start[1]))
        panel.handle("start", *at, self.say("start_name"), float(start[0]), text, radius=5)
        return [panel, self._costs_panel()]

    def _costs_panel(self):
        panel = self.panel(310, 310, "costs_title")
        runs = self.costs()
        high = np.log10(1.5 * max(1, *(run[0] for run in runs.values())))
        plot = Plot(44, 36, 250, 180, x=(0, max(self.steps, 40)), y=(np.log10(LOWEST), high))
        plot.axes(panel, (self.say("steps"), ""), (0, int(plot.x[1])))
        plot.powers(panel, range(-4, int(high) + 1))
        for k, (name, colour) in enumerate(zip(runs, cycle(SERIES))):
            logs = np.log10(np.maximum(runs[name], LOWEST))
            plot.curve(panel, np.arange(len(logs)), logs, colour=colour, width=2.2)
            x, y = (44, 176)[k % 2], 272 + 22 * (k // 2)
            panel.circle(x, y - 4, 6, fill=colour)
            panel.text(x + 12, y, name_of(name), anchor="start", colour=FAINT)
        return panel
