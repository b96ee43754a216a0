"""Pictures as lists of shapes, which become SVG on a page and Matplotlib's artists in a still.

A Panel is about 320 units wide, so that an explorer's panels stand side by side on a wide screen
and one below the other on a phone. Colours are CSS variables that follow the page's theme.
"""

from collections.abc import Collection
from contextlib import contextmanager
from html import escape

import numpy as np

from nnlib.formatting import format_number

INK, FAINT, PAPER, GRID = "var(--nn-ink)", "var(--nn-faint)", "var(--nn-paper)", "var(--nn-grid)"
BACKGROUND = "var(--nn-panel)"
POSITIVE, NEGATIVE, ACCENT = "var(--nn-positive)", "var(--nn-negative)", "var(--nn-accent)"
SERIES = tuple(f"var(--nn-class{k})" for k in (2, 3, 4, 7, 6))  # for what has no sign
TOUCH = 22  # radius that a finger can hit, in units
DASHES = "5 3"
# Keys typed at such an element are not the notebook's shortcuts, some of which delete cells.
FOCUSABLE = {"tabindex": 0, "data_lm_suppress_shortcuts": "true"}


def of_sign(value: float) -> str:
    """Return blue for a value >= 0, orange for a negative one."""
    return NEGATIVE if value < 0 else POSITIVE


class Panel:
    """A picture of `width` × `height` units; `shapes` are (tag, attributes, content).

    `title` names it. Content is text, or the shapes of a group. `known`: the keys of what the page
    has already.
    """

    def __init__(self, width: float, height: float, title: str, known: Collection[str] = ()):
        self.width, self.height, self.title = width, height, title
        self.known, self.fixed_keys = known, set()
        self.shapes = self._open = []
        self._interactive = False
        if title:
            self.text(0, 14, title, size=13, weight=600, anchor="start")

    def add(self, tag: str, content: str = "", **attributes) -> None:
        """Add a shape; `stroke_width=2` is the attribute stroke-width, None leaves one out."""
        self._open.append((tag, attributes, content))

    @contextmanager
    def group(self, **attributes):
        """Collect the shapes that are added inside into a group."""
        outside, self._open = self._open, []
        yield
        self._open, shapes = outside, self._open
        self._open.append(("g", attributes, shapes))

    def fixed(self, key: str, draw) -> None:
        """Add what `draw()` draws, unless the page has it: the same key, the same shapes."""
        self.fixed_keys.add(key)
        with self.group(data_fixed=key):
            if key not in self.known:
                draw()

    # -- shapes ------------------------------------------------------------------------------------

    def text(self, x, y, words, *, anchor="middle", colour=INK, size=12, weight=None, rim=False):
        """Write words; with a `rim` in the colour of the page they can be read over lines."""
        rim = {"stroke": PAPER, "stroke_width": 4, "paint_order": "stroke"} if rim else {}
        look = {"text_anchor": anchor, "font_size": size, "font_weight": weight}
        self.add("text", str(words), x=x, y=y, fill=colour, **look, **rim)

    def line(self, points, *, colour=INK, width=1.8, dashes=None, opacity=None, fill="none"):
        """Draw a line through points (n, 2); it breaks where one is not finite."""
        if d := path_data(np.asarray(points, dtype=float)):
            joins = {"stroke_linejoin": "round", "stroke_linecap": "round"}
            look = {"stroke_width": width, "stroke_dasharray": dashes, "opacity": opacity}
            self.add("path", d=d, fill=fill, stroke=colour, **look, **joins)

    def signed_line(self, points, value, width=None, opacity=None):
        """Draw a number as a line: its sign as colour and dashes, its size as width."""
        width = min(7.0, 0.8 + 1.6 * abs(value)) if width is None else width
        dashes = DASHES if value < 0 else None
        self.line(points, colour=of_sign(value), width=width, dashes=dashes, opacity=opacity)

    def circle(self, x, y, r, *, fill=INK, stroke=None, width=1.5, opacity=None):
        """Draw a circle."""
        width = None if stroke is None else width
        look = {"fill": fill, "stroke": stroke, "stroke_width": width, "fill_opacity": opacity}
        self.add("circle", cx=x, cy=y, r=r, **look)

    def dots(self, points, size, *, colour=INK, opacity=None, square=False):
        """Draw many equal dots of a diameter at points (n, 2), as one shape."""
        points = np.asarray(points, dtype=float).reshape(-1, 2)
        d = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points[np.isfinite(points).all(axis=1)])
        if d:
            look = {"stroke": colour, "stroke_width": size}
            look["stroke_linecap"] = "square" if square else "round"
            self.add("path", d=d, fill="none", opacity=opacity, **look)

    def neuron(self, x, y, radius, value=None, *, highlight=False):
        """Draw a neuron, tinted by the sign and size of a value between −1 and 1."""
        rim = {"stroke": ACCENT, "width": 3} if highlight else {"stroke": FAINT, "width": 1.2}
        self.circle(x, y, radius, fill=PAPER)
        tint = {} if not value else {"opacity": round(0.55 * min(1, abs(value)), 2)}
        self.circle(x, y, radius, fill=of_sign(value) if value else "none", **tint, **rim)

    def box(self, x, y, width, height, *, fill="none", stroke=None, opacity=None, radius=None):
        """Draw a rectangle."""
        place = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
        self.add("rect", **place, fill=fill, stroke=stroke, fill_opacity=opacity)

    def image(self, uri, x, y, width, height):
        """Show a PNG, stretched to this rectangle."""
        place = {"x": x, "y": y, "width": width, "height": height}
        self.add("image", href=uri, preserveAspectRatio="none", **place)

    # -- what can be touched -----------------------------------------------------------------------

    @contextmanager
    def draggable(self, name, x, y, label, value, text):
        """Group shapes into a handle at (x, y), which the pointer and the arrow keys drag.

        The page calls `on_drag(name=name, …)`. Screen readers hear `label` and `text`.
        """
        self._interactive = True
        attributes = {"data_drag": name, "data_at": f"{x:.1f} {y:.1f}", **FOCUSABLE}
        attributes |= {"role": "slider", "aria_label": label, "aria_valuenow": f"{value:.3g}"}
        with self.group(**attributes, aria_valuetext=text):
            self.circle(x, y, TOUCH, fill="transparent")
            yield

    def handle(self, name, x, y, label, value, text=None, *, colour=ACCENT, radius=8):
        """Draw a round handle that can be dragged."""
        with self.draggable(name, x, y, label, value, text or format_number(value)):
            self.circle(x, y, radius, fill=colour, stroke=PAPER, width=2)

    def drag_area(self, name, x, y, width, height):
        """Make a rectangle in which a press drags `name` to the pointer."""
        place = {"x": x, "y": y, "width": width, "height": height}
        self.add("rect", **place, fill="transparent", data_drag=name)

    @contextmanager
    def button(self, name, label, pressed=False):
        """Group shapes into a button; the page calls `on_tap(name=name)`."""
        self._interactive = True
        attributes = {"data_tap": name, "role": "button", "aria_label": label, **FOCUSABLE}
        with self.group(**attributes, aria_pressed=str(bool(pressed)).lower()):
            yield

    # -- as SVG ------------------------------------------------------------------------------------

    def svg(self, description: str = "") -> str:
        """Return the panel as SVG text."""
        role = "group" if self._interactive else "img"
        label = escape(self.title or description, quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="{role}" aria-label="{label}" '
            f'viewBox="0 0 {self.width} {self.height}" font-size="12" fill="{INK}" '
            f'style="flex:1 1 {0.8 * self.width:.0f}px;max-width:{1.25 * self.width:.0f}px">'
            f"{_svg_of(self.shapes)}</svg>"
        )


def _svg_of(shapes):
    parts = []
    for tag, attributes, content in shapes:
        written = "".join(
            f' {name.replace("_", "-")}="{_text_of(value)}"'
            for name, value in attributes.items()
            if value is not None
        )
        inside = escape(content) if isinstance(content, str) else _svg_of(content)
        parts.append(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")
    return "".join(parts)


def _text_of(value):
    if isinstance(value, str):
        return escape(value, quote=True)
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.3g}"


def path_data(points: np.ndarray) -> str:
    """Return the `d` of a line through points (n, 2), which breaks where one is not finite."""
    good = np.isfinite(points).all(axis=-1)
    marks = np.where(np.append(False, good[:-1]), "L", "M")[good]
    return "".join(f"{mark}{x:.1f} {y:.1f}" for mark, (x, y) in zip(marks, points[good].tolist()))


class Plot:
    """A rectangle of a Panel with axes: turns data into the panel's units and back."""

    def __init__(self, left, top, width, height, x, y):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.x, self.y = x, y  # (low, high) of the data

    def points(self, x, y) -> np.ndarray:
        """Return data as points (n, 2) in units of the panel."""
        (x0, x1), (y0, y1) = self.x, self.y
        across = self.left + self.width / (x1 - x0) * (np.asarray(x, dtype=float) - x0)
        up = self.top + self.height / (y1 - y0) * (y1 - np.asarray(y, dtype=float))
        return np.column_stack(np.broadcast_arrays(across, up))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return one point in units of the panel, moved to the rim if it is outside."""
        (x0, x1), (y0, y1) = self.x, self.y
        share, height = _within((x - x0) / (x1 - x0)), _within((y - y0) / (y1 - y0))
        return self.left + self.width * share, self.top + self.height * (1 - height)

    def data(self, across: float, down: float) -> tuple[float, float]:
        """Return the data at a point of the panel, moved to the rim if it is outside."""
        (x0, x1), (y0, y1) = self.x, self.y
        share = _within((across - self.left) / self.width)
        height = 1 - _within((down - self.top) / self.height)
        return x0 + share * (x1 - x0), y0 + height * (y1 - y0)

    def curve(self, panel, x, y, **look):
        """Draw a curve; what leaves the plot is cut off."""
        box = (self.left, self.top), (self.left + self.width, self.top + self.height)
        panel.line(clip_line(self.points(x, y), *box), **look)

    def axes(self, panel, names=("", ""), x_ticks=(), y_ticks=(), grid=False):
        """Draw the axes with numbers at the ticks, and their names."""
        bottom, right = self.top + self.height, self.left + self.width
        for tick in x_ticks:
            across = self.at(tick, self.y[0])[0]
            panel.text(across, bottom + 15, format_number(tick), colour=FAINT, size=11)
            if grid:
                panel.line([(across, self.top), (across, bottom)], colour=GRID, width=1)
        for tick in y_ticks:
            up = self.at(self.x[0], tick)[1]
            panel.text(
                self.left - 6, up + 4, format_number(tick), anchor="end", colour=FAINT, size=11
            )
            if grid:
                panel.line([(self.left, up), (right, up)], colour=GRID, width=1)
        corner = [(self.left, self.top), (self.left, bottom), (right, bottom)]
        panel.line(corner, colour=GRID, width=1.2)
        if names[0]:
            panel.text(right, bottom + 29, names[0], anchor="end", colour=FAINT)
        if names[1]:
            panel.text(self.left - 4, self.top - 8, names[1], anchor="start", colour=FAINT)

    def powers(self, panel, powers):
        """Draw a grid line for each of these powers of ten, in a plot of logarithms."""
        for power in powers:
            left, right = self.at(self.x[0], power), self.at(self.x[1], power)
            panel.line([left, right], colour=GRID, width=1)
            text = "1" if power == 0 else f"1e{power:+d}".replace("-", "−")
            panel.text(self.left - 6, left[1] + 4, text, anchor="end", colour=FAINT, size=11)

    def frame(self, panel):
        """Draw a thin border."""
        panel.box(self.left, self.top, self.width, self.height, stroke=GRID, radius=3)

    def image(self, panel, uri):
        """Show a PNG that fills the plot."""
        panel.image(uri, self.left, self.top, self.width, self.height)


def _within(share):
    return min(max(float(share), 0.0), 1.0)


def clip_line(points: np.ndarray, low, high) -> np.ndarray:
    """Return a line's points (n, 2) in the box from `low` to `high`, with NaN where it leaves."""
    for axis in (0, 1):
        for sign, bound in ((1, low[axis]), (-1, high[axis])):
            inside = sign * (points[:, axis] - bound)
            if not (inside < 0).any():
                continue
            crossing = np.flatnonzero(inside[:-1] * inside[1:] < 0)
            share = inside[crossing] / (inside[crossing] - inside[crossing + 1])
            new = points[crossing] + share[:, None] * (points[crossing + 1] - points[crossing])
            points = np.insert(points, crossing + 1, new, axis=0)
            inside = np.insert(inside, crossing + 1, 0.0)
            points[inside < 0] = np.nan
    return points
