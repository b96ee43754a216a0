"""What all explorers share: panels of shapes, handles to drag, texts, and a start of their own.

How to build one::

    class Bowl(Explorer):
        "A ball in a bowl."

        key = "bowl"                            # its texts: [explorers.bowl] in explorers.en.toml
        w = slider(2.0, low=-3, high=3)         # a trait with a control

        def panels(self):                       # what the picture shows now
            panel = self.panel(320, 240, "title")
            panel.handle("ball", *self.plot.at(self.w, self.w**2), self.say("ball"), self.w)
            return [panel]

        def words(self):                        # the same in words
            return self.say("words", w=self.w)

        def drag_ball(self, x, y):              # the handle "ball" was dragged there
            self.w = self.plot.data(x, y)[0]

        def move(self, seconds): ...            # while it plays: so much time has passed
        def on_roll(self): ...                  # a button: list it in `buttons`

A handle named "edge 1 0 2" calls `drag_edge(1, 0, 2, x, y)`, a button "unit 3" `tap_unit(3)`.
"""

import math
from copy import copy

import traitlets

from nnlib.formatting import format_number
from nnlib.live.render.panel import Panel
from nnlib.live.render.panel_png import png_of
from nnlib.live.texts import load
from nnlib.live.widget import LiveView, Picture


class _Within(traitlets.CFloat):
    """A finite number; what is beyond an end of its control is moved to that end."""

    def validate(self, explorer, value):
        value, control = super().validate(explorer, value), self.metadata["control"]
        if math.isnan(value):
            raise traitlets.TraitError(f"{self.name} must be a number; got {value}")
        return min(max(value, control["low"]), control["high"])


def slider(value, *, low, high, step=0.1, logarithmic=False):
    """Return a trait for a number with a slider; its words are in the explorer's texts."""
    control = {"kind": "slider", "low": low, "high": high, "step": step}
    return _Within(value).tag(control=control | {"logarithmic": logarithmic})


def integer(value, *, low, high):
    """Return a trait for a whole number with a field."""
    return traitlets.Int(value).tag(control={"kind": "integer", "low": low, "high": high})


def choice(value, *values):
    """Return a trait for one of several values; their names are in the explorer's texts."""
    return traitlets.Enum(values, value).tag(control={"kind": "choice", "choices": values})


class Explorer(LiveView):
    """A small view of SVG panels for one idea. Subclasses define `key`, `panels` and `words`."""

    key = ""
    moving = ()  # names of the attributes that `preview` changes

    def __init__(self, **values):
        self._grip, self.grabbed, self._known, self._still = None, {}, set(), None
        super().__init__(**values)
        self._first_values = {name: getattr(self, name) for name in self.control_names()}

    def panels(self) -> list[Panel]:
        """Return the picture now."""
        raise NotImplementedError

    def panel(self, width, height, title, **values) -> Panel:
        """Return an empty panel with the text `title` of this explorer, with these values in it."""
        return Panel(width, height, self.say(title, **values), self._known)

    def picture(self, full):
        self._known = set() if full else self._known
        panels = self.panels()
        self._known = {key for panel in panels for key in panel.fixed_keys}
        return Picture({"panels": [panel.svg() for panel in panels]})

    def preview(self) -> None:
        """Go to a moment that is worth a still picture; `moving` is put back after it."""

    def still_words(self):
        before = {name: copy(getattr(self, name)) for name in self.moving}
        try:
            self.preview()
            self._known = set()
            self._still = png_of(self.panels())
            return self.words()
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    def still(self):
        if self._still is None:
            self.still_words()
        still, self._still = self._still, None
        return still

    def say(self, key: str, /, **values) -> str:
        """Return a text of this explorer; numbers among the values are formatted."""
        if not values:
            return load()["explorers"][self.key][key]
        written = {k: format_number(v) if isinstance(v, float) else v for k, v in values.items()}
        return load()["explorers"][self.key][key].format(**written)

    def control(self, name):
        control = super().control(name)
        control |= load()["explorers"][self.key].get("controls", {}).get(name, {})
        if "choices" in control:
            names = control.pop("names", {})
            control["choices"] = [[v, names.get(str(v), str(v))] for v in control["choices"]]
        return control

    def page_texts(self):
        texts, own = load(), load()["explorers"][self.key]
        page = super().page_texts() | texts["explorer_page"] | own.get("buttons", {})
        return page | {"hint": own.get("hint", "")}

    # -- from Python -------------------------------------------------------------------------------

    def set(self, **values):
        """Set several knobs."""
        for name, value in values.items():
            setattr(self, name, value)

    def reset(self):
        """Put every knob back where it was at the start, and stop."""
        self.set(**self._first_values)
        self.playing = False  # last, because a value that changes may start it

    def play_if_shown(self):
        """Start to play if a page shows this, and motion is wanted."""
        self.playing = self.shown and not self.reduced

    # -- what the page asks for --------------------------------------------------------------------

    def on_drag(self, name, x, y, grip=None):
        """A handle was dragged to (x, y); `grip` is another one for each press."""
        if grip is None or grip != self._grip:
            self._grip, self.grabbed = grip, {}  # what a handle remembers while it is held
        what, *numbers = name.split()
        getattr(self, f"drag_{what}")(*map(int, numbers), x, y)

    def on_tap(self, name):
        what, *numbers = name.split()
        getattr(self, f"tap_{what}")(*map(int, numbers))
