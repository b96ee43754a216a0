"""The base of everything that moves: a view that Python calculates and a page that asks for it.

`explorers/explorer.py` says how to build an explorer on it. A view makes its widget, a `Page`, when
it is shown for the first time.

Protocol
--------
The page (`page/*.js`) is the clock. It asks for a picture when it wants one, with one request under
way, two on a slow line, and one more for a change; Python answers each request with exactly one
message. Nothing is sent without being asked for, so a closed page or a hidden tab costs nothing.

=============  ============================================================================
trait of Page  (Python → page, set once)
-------------  ----------------------------------------------------------------------------
kind           which module of the page draws it: "svg", "playground", …
controls       [[name, {kind, label, tooltip, section, low, high, step, logarithmic,
               choices: [[value, label], …]}], …]
texts          the words of the page
still, words   a PNG (base64) and a sentence for when no kernel answers
-------------  ----------------------------------------------------------------------------
request        (page → Python, a custom message)
-------------  ----------------------------------------------------------------------------
view, number   who asks, and the number of the request; the answer repeats both
seconds        seconds since this view's last request while it was playing, else 0
full           true if this view has nothing yet and needs everything
reduced        true if the learner prefers reduced motion; a view then doesn't start by itself
set            {name: value} for controls that were changed
do             [[name, {argument: value}], …]: calls `on_name(argument=value)`
-------------  ----------------------------------------------------------------------------
answer         (Python → page, a custom message; binary parts are its buffers)
-------------  ----------------------------------------------------------------------------
view, number   those of the request
playing        whether the page should go on asking
wait           milliseconds that the page should wait before it asks again
values         {name: value} of all controls, when one of them changed
disabled       names of the controls that would change nothing now, sent with `values`
words          what the picture shows, in words; not in every answer while it plays
alert          a problem, in words, or ""
…              what `picture()` returned
-------------  ----------------------------------------------------------------------------
changed        (Python → page, a custom message of its own) true: a trait was set in Python, for
               instance by a linked widget, while the page was at rest; the page asks again
=============  ============================================================================

The environment variable NNLIB_FRAME_BUDGET, a number above 0 up to 1 (default 1), is the share of a
processor that a view may use while it plays: a hub with many learners sets 0.2, say, and each gets
fewer pictures instead of a queue.
"""

import base64
import html
import math
import os
import sys
from functools import cache
from importlib.resources import files
from threading import RLock
from time import perf_counter
from typing import NamedTuple

import traitlets

from nnlib.live.texts import load, say

MODULES = (
    *("dom.js", "controls.js", "base.js", "svg.js", "digit_pad.js"),
    *("network.js", "charts.js", "playground.js"),
)
MAX_SECONDS = 0.25  # of motion in one picture, however long ago the last one was


class Picture(NamedTuple):
    """What an answer holds besides the words: JSON content, and binary buffers."""

    content: dict
    buffers: tuple = ()


class LiveView(traitlets.HasTraits):
    """A view that a page can show and steer. Subclasses say what it shows and how it moves.

    They override `picture`, `words`, `still` and `move`, and add `on_…` methods for what the page
    may ask for. Traits with a `control` tag are shown as controls. `kind` names the page's module.
    """

    kind = "svg"
    buttons = ()  # names of `on_…` methods that the page shows as buttons
    plays = True  # whether there is a Play button
    autoplay = False  # whether it starts to play when a page shows it for the first time
    words_every = 0.0  # seconds between two read-outs in words while it plays
    playing = traitlets.Bool(False, help="whether time passes while a page shows it")

    def __init__(self, **values):
        self.lock = RLock()  # ipykernel may handle requests in a thread of its own
        self._page, self._cells = None, set()
        self._sent_values, self._said_at = None, 0.0
        self.shown = False  # whether a page has asked for a picture
        self.reduced = False  # whether the learner prefers reduced motion
        self._answering = False
        super().__init__(**values)
        followed = [*self.control_names(), "playing", "epoch"]
        self.observe(self._tell_page, [name for name in followed if self.has_trait(name)])

    def picture(self, full: bool) -> Picture:
        """Return the picture now; `full` for a page that has nothing yet."""
        raise NotImplementedError

    def words(self) -> str:
        """Return what the picture shows, in words, on one line."""
        raise NotImplementedError

    def still(self) -> bytes:
        """Return the picture as PNG, for pages without a kernel."""
        raise NotImplementedError

    def move(self, seconds: float) -> None:
        """Move on by so many seconds of the page's clock; called only while it plays."""

    def alert(self) -> str:
        """Return a problem to show above the picture, or ""."""
        return ""

    def disabled(self) -> list[str]:
        """Return the names of the controls that would change nothing now."""
        return []

    def control(self, name: str) -> dict:
        """Return how the page shows the trait `name`: its tag, completed by the texts."""
        control = dict(self.traits()[name].metadata["control"])
        words = load()["controls"].get(name, {})
        return words | {key: value for key, value in control.items() if value is not None}

    def page_texts(self) -> dict:
        """Return the words of the page."""
        return load()["page"]

    def on_play(self) -> None:
        """Start or pause."""
        self.playing = not self.playing

    def on_step(self) -> None:
        """Pause, and take one step."""
        self.playing = False
        self.step()

    def on_reset(self) -> None:
        """Go back to the start."""
        self.reset()

    @property
    def text(self) -> str:
        """What the picture shows, in words."""
        with self.lock:
            return self.words()

    @property
    def widget(self):
        """The widget that shows this view, made when it is asked for the first time."""
        if self._page is None:
            self._page = make_page(self)
        return self._page

    def close(self) -> None:
        """Stop, and give up the widget if there is one."""
        self.playing = False
        if self._page is not None:
            self._page.layout.close()
            self._page.close()
            self._page = None

    def bundle(self) -> tuple[dict, dict]:
        """Return data and metadata to display: the widget, and a PNG and words without a kernel."""
        with self.lock:
            words, picture = self.still_words(), base64.b64encode(self.still()).decode()
        data = {"image/png": picture, "text/plain": words}
        if _ipython() is not None:
            self.widget.still, self.widget.words = picture, words
            _show_in_this_cell(self)
            data = {**self.widget._repr_mimebundle_()[0], **data}
        return data, {"image/png": {"alt": words}}

    def still_words(self) -> str:
        """Return what the still picture shows, in words."""
        return self.words()

    def _repr_mimebundle_(self, **options):
        return self.bundle()

    def _ipython_display_(self):
        from IPython.display import display

        data, metadata = self.bundle()
        words = data["text/plain"]
        summary, hint = say("description"), say("still_hint")
        folded = f"<details><summary>{summary}</summary>{html.escape(words)} {hint}</details>"
        display(data, metadata=metadata, raw=True)
        display({"text/html": folded, "text/plain": words}, raw=True)

    def answer(self, request: dict) -> Picture:
        """Do what a request of the page asks for, and return the answer."""
        began = perf_counter()
        with self.lock:
            self._answering = True
            failed = self._apply(request)
            seconds = min(request.get("seconds", 0.0), MAX_SECONDS)
            if self.playing and seconds and not failed:
                failed = self._try(self.move, seconds)
            content, buffers = {"error": True}, ()
            try:
                content, buffers = self.picture(bool(request.get("full")))
                content |= self._state(request, failed)
            except (Exception, KeyboardInterrupt) as error:
                self.playing = False
                content |= {"playing": False, "alert": f"{type(error).__name__}: {error}"}
            content |= {key: request.get(key) for key in ("view", "number", "full")}
            self._answering = False
        spent = perf_counter() - began
        content["wait"] = round(1000 * spent * (1 / frame_budget() - 1))
        return Picture(content, buffers)

    def _tell_page(self, change):
        """Let a page at rest ask for what was changed in Python; while it plays, it asks anyway."""
        with self.lock:
            at_rest = not self.playing or change.name == "playing"
            if at_rest and not self._answering and self._page is not None:
                self._page.send({"changed": True})

    def _apply(self, request):
        """Set the controls and call the methods that a request names."""
        failed = ""
        self.reduced = bool(request.get("reduced"))
        if not self.shown:
            self.shown = True
            self.playing = self.playing or (self.autoplay and not self.reduced)
        for name, value in request.get("set", {}).items():
            if self.has_trait(name) and "control" in self.traits()[name].metadata:
                failed = self._try(setattr, self, name, value) or failed
                if self.value_for_page(name) != value:
                    self._sent_values = None  # the page shows what is true again
        for name, arguments in request.get("do", ()):
            method = getattr(self, f"on_{name}", None)
            if method is not None:
                failed = self._try(lambda: method(**arguments)) or failed  # noqa: B023 (runs now)
        return failed

    def _try(self, function, *arguments):
        """Call it; return what went wrong in a sentence, or ""."""
        try:
            function(*arguments)
        except (ValueError, TypeError, IndexError, traitlets.TraitError) as error:
            self._sent_values = None  # the page shows what is true again
            return say("not_changed", error=error)
        except (Exception, KeyboardInterrupt) as error:
            self.playing = False
            return f"{type(error).__name__}: {error}"
        return ""

    def _state(self, request, failed):
        state = {"playing": self.playing, "alert": failed or self.alert()}
        values = {name: self.value_for_page(name) for name in self.control_names()}
        if request.get("full") or values != self._sent_values:
            self._sent_values = values
            state |= {"values": values, "disabled": self.disabled()}
        now = perf_counter()
        if not self.playing or request.get("full") or now > self._said_at + self.words_every:
            self._said_at, state["words"] = now, self.words()
        return state

    def control_names(self) -> list[str]:
        """Return the names of the traits that have a control, in the order of their definition."""
        tagged = self.trait_names(control=lambda control: control is not None)
        defined = [name for cls in reversed(type(self).__mro__) for name in vars(cls)]
        return sorted(tagged, key=defined.index)

    def value_for_page(self, name: str):
        """Return the value of a trait as JSON has it."""
        value = getattr(self, name)
        return None if isinstance(value, float) and not math.isfinite(value) else value


@cache
def frame_budget() -> float:
    """Return the share of a processor that a view may use while it plays."""
    try:
        share = float(os.environ.get("NNLIB_FRAME_BUDGET", "1"))
    except ValueError:
        share = 1.0
    return min(max(share, 0.01), 1.0)


# -- the widget ----------------------------------------------------------------------------------


def script() -> str:
    """Return the page's modules as one: joined in order, without their imports and exports.

    The modules in `page/` are plain ES modules that import each other; anywidget takes one module
    only. All their names are different, so nothing else is needed.
    """
    folder, parts = files("nnlib.live").joinpath("page"), []
    for name in MODULES:
        lines = folder.joinpath(name).read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if not line.startswith("import ")]
        parts += [line.removeprefix("export ") for line in lines]
    return "\n".join([*parts, "export default { render };"])


def style() -> str:
    """Return the page's style sheet."""
    return files("nnlib.live").joinpath("page", "live.css").read_text(encoding="utf-8")


@cache
def _page_class():
    """Return the widget class. Made when needed: importing anywidget takes a tenth of a second."""
    import anywidget

    class Page(anywidget.AnyWidget):
        """The widget of a view: what the page needs to begin, and its requests."""

        _esm = traitlets.Unicode(script()).tag(sync=True)
        _css = traitlets.Unicode(style()).tag(sync=True)
        kind = traitlets.Unicode().tag(sync=True)
        controls = traitlets.List().tag(sync=True)
        texts = traitlets.Dict().tag(sync=True)
        buttons = traitlets.List().tag(sync=True)
        still = traitlets.Unicode().tag(sync=True)
        words = traitlets.Unicode().tag(sync=True)

    return Page


def page_state(view: LiveView) -> dict:
    """Return the traits of the Page that shows the view."""
    return {
        "kind": view.kind,
        "controls": [[name, view.control(name)] for name in view.control_names()],
        "texts": view.page_texts(),
        "buttons": [*(["play"] if view.plays else []), *view.buttons],
    }


def make_page(view: LiveView):
    """Return a new widget for the view."""
    page = _page_class()(**page_state(view))

    def handle(page, request, buffers):
        if isinstance(request, dict):
            content, buffers = view.answer(request)
            page.send(content, list(buffers))

    page.on_msg(handle)
    return page


def _ipython():
    """Return the running IPython, or None; where it isn't loaded, none runs."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


# -- one cell, one show --------------------------------------------------------------------------

_shown = {}  # {cell id: (execution id, views)}: a new run of a cell closes what the old one showed


def _show_in_this_cell(view):
    kernel = getattr(_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel else {}
    cell = parent.get("metadata", {}).get("cellId")
    if cell is None:
        return
    execution = parent.get("header", {}).get("msg_id")
    before, views = _shown.get(cell, (None, []))
    if before != execution:
        for old in views:
            old._cells.discard(cell)
            if not old._cells and old is not view:
                old.close()
        views = []
    view._cells.add(cell)
    _shown[cell] = execution, [*views, view]
