"""What moves a picture: one task on the kernel's event loop, asked by widgets, stopped by silence.

Callbacks only store what is wanted (`Stage.want`); a frame applies it, advances for a time budget,
draws once and sends one message. ipykernel may run callbacks on another thread, so they wake the
loop and touch nothing else. The page answers pictures, which renews a lease: no page, no motion.
"""

import asyncio
import html
import math
from base64 import b64encode
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import ClassVar, Protocol

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display
from traitlets import Unicode

LEASE = 1.5  # seconds of motion that one sign of life from the page allows
TICK = 0.25  # seconds between two pictures that ask for such a sign
FORGOTTEN = 5.0  # seconds of silence after which the Play button is up again
LATE = 0.01  # seconds that a picture may be late without putting off the next one
FASTEST = 1 / 60  # seconds between two pictures of wishes, however fast they come
HASTE = 0.1  # of the budget, in a frame that shows a wish
# Where one wish came, the next may follow: while a hand is at the controls, the page is to be free
# to show what it does. For HAND seconds there are at most so many pictures a second, and less of
# the budget is spent in each.
HAND, UNHURRIED, LESS = 0.5, 20, 0.3
BREATH = 0.002  # seconds that the kernel gets for its messages after every frame
PLAY, PAUSE = ("Play", "play"), ("Pause", "pause")  # text and icon of the button
# What the page has said comes back to it by default, for other pages that show the same widget. On
# the way to a picture that is one message too many. Tags of a trait without that:
UNECHOED = {"sync": True, "echo_update": False}
# A slow line must not pile up pictures: now and then one asks for a receipt, and until that comes
# only so many more are sent, on a quick line and on one that answers later than SLOW.
MANY, FEW, SLOW = 4, 1, 0.25
PATIENCE = 2.0  # seconds after which a receipt counts as lost


class Scene(Protocol):
    """What a Stage shows. It knows no widget."""

    def apply(self, name, value):
        """Make one wanted change."""

    def advance(self, seconds):
        """Move on, for about that long."""

    def draw(self):
        """The picture now: SVG text, and one line of plain text that says the same."""

    def still(self):
        """The picture now as PNG bytes, for pages without a kernel."""


class Stage:
    """Shows a scene in `picture` and `readout`, and moves it while the button `toggle` is down.

    `controls` holds the button for that. `frames`: pictures a second at most. `budget`: seconds of
    `scene.advance` in each of them, in so many `slices`; between two of them wishes are heard.
    `after()` is called when a picture has been sent, for what must not hold it up.
    """

    _on_show: ClassVar = {}  # {cell id: (execution id, its stages)}: a new run ends the old ones

    def __init__(self, scene, *, frames=30, budget=0.015, slices=1, after=lambda: None):
        self.scene, self.frames, self.budget, self.slices = scene, frames, budget, slices
        self._root = None  # the widget on the page that holds all of this
        self._after = after
        self.picture, self.readout, self.text = widgets.HTML(), widgets.HTML(), ""
        self._wanted, self._lock = {}, Lock()
        self._lease = self._began = self._hurried = self._ended = self._read_at = 0.0
        self._moving = False  # whether the last frame was one of a motion
        self._failed = False  # whether an error ended it
        self._make_controls()
        self._ask_for_receipts()
        self._loop = self._task = None
        self._take_over_the_cell()
        self._begin()
        self.show()

    def _make_controls(self):
        self.toggle = widgets.ToggleButton(
            description=PLAY[0], icon=PLAY[1], tooltip="Play or pause", button_style="primary",
            layout={"width": "90px"},
        )  # fmt: skip
        self.toggle.observe(self._renew_lease, "value")
        self.controls = widgets.HBox([self.toggle])

    def _ask_for_receipts(self):
        """The page copies the picture's placeholder, a number, into a text that is never shown.

        Widgets do that without a view: once for a page, however often it shows the picture.
        """
        self._sent = self._asked = 0  # numbers of pictures
        self._answered, self._asked_at, self._delay = None, 0.0, 0.0
        self._receipt = _Receipt()
        self._link = widgets.jsdlink((self.picture, "placeholder"), (self._receipt, "value"))
        self._receipt.observe(self._note_receipt, "value")

    # -- asking ----------------------------------------------------------------------------------

    def want(self, name, value):
        """Ask for a change at the next frame; of several for one name the newest counts."""
        with self._lock:
            self._wanted.pop(name, None)
            self._wanted[name] = value
        self._wake()

    @property
    def playing(self):
        """Whether the button is down, and a page has given a sign of life in the last 1.5 s."""
        return self.toggle.value and monotonic() < self._lease

    def stop(self):
        """Stop the motion. The task waits at no cost for the next wish."""
        self.toggle.value = False

    def close(self):
        """End the task for good."""
        self.stop()
        task, self._task = self._task, None
        if task:
            self._loop.call_soon_threadsafe(task.cancel)

    def _forget(self):
        """Close, and give up the widgets too: ipywidgets keeps each one until it is closed."""
        self.close()
        for root in (self._root, self.picture, self.readout, self.controls, self._receipt):
            _close_all(root)
        self._link.close()

    def _renew_lease(self, _=None):
        if self.toggle.value:
            self._lease = monotonic() + LEASE
        self._wake()

    # -- showing ---------------------------------------------------------------------------------

    def show(self, seconds=0.0):
        """One frame now: make the wanted changes, advance for `seconds`, draw. Needs no browser."""
        with self._lock:
            wanted, self._wanted = self._wanted, {}
        playing = self.playing
        with self._error_ends_it():
            for name, value in wanted.items():
                self.scene.apply(name, value)
            if seconds and self.playing == playing:  # a wish may have stopped the motion
                self.scene.advance(seconds)
            svg, text = self.scene.draw()
            self._send(svg)
            if not self.playing or monotonic() - self._read_at > 0.5:
                self._say(text)
            self.text = text
        with self._error_ends_it():
            self._after()

    @contextmanager
    def _error_ends_it(self):
        """Where the scene fails or is interrupted, stop and say so; no frame comes after that."""
        try:
            yield
        except (Exception, KeyboardInterrupt) as error:
            self.stop()
            self._moving, self._failed = False, True
            self._say(f"Stopped: {type(error).__name__}: {error}")

    def _send(self, svg):
        """One message with the picture, and in some of them its number, to be answered."""
        self._sent, now = self._sent + 1, monotonic()
        answered = self._answered == self._asked
        with self.picture.hold_sync():
            self.picture.value = svg
            if now > self._asked_at + (TICK if answered else PATIENCE):
                self._asked, self._asked_at = self._sent, now
                self.picture.placeholder = str(self._asked)

    def _say(self, text):
        self._read_at, self.text = monotonic(), text
        self.readout.value = f'<div role="status">{html.escape(text)}</div>'

    def bundle(self, root, words=None):
        """Data and metadata to display: the widget `root`, and for pages without a kernel a PNG.

        `words`: what the PNG shows, where that is not the picture of this moment.
        """
        self._root, words = root, words or self.text
        data = {**root._repr_mimebundle_(), "text/plain": words}
        data["image/png"] = b64encode(self.scene.still()).decode()
        return data, {"image/png": {"alt": words}}

    def display(self, root, words=None):
        """Display that; below it, folded, the words that stand for the still picture."""
        data, metadata = self.bundle(root, words)
        words = html.escape(data["text/plain"])
        folded = f"<details><summary>Description of the figure</summary>{words}</details>"
        display(data, metadata=metadata, raw=True)
        display({"text/html": folded, "text/plain": data["text/plain"]}, raw=True)

    # -- the task --------------------------------------------------------------------------------

    def _begin(self):
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel: `show` does all
            return
        self._woken = asyncio.Event()
        self._task = self._loop.create_task(self._run())

    def _wake(self):
        if self._task:
            self._loop.call_soon_threadsafe(self._stir)

    def _stir(self):
        self.toggle.description, self.toggle.icon = PAUSE if self.toggle.value else PLAY
        self._woken.set()
        if self._task and self._task.done():  # an interrupt hit it between two frames
            self._task = self._loop.create_task(self._run())

    async def _run(self):
        while True:
            self._woken.clear()
            rest = self._rest()
            if rest is None or rest > 0:
                timer = rest and self._loop.call_later(rest, self._woken.set)
                await self._woken.wait()
                if timer:
                    timer.cancel()
            elif self.playing or self._wanted or self._moving:  # the last frame says it rests
                self._began, self._moving, self._failed = self._on_the_beat(), self.playing, False
                await self._advance()
                seconds = 0.0
                if self._wanted:  # a change is shown before the whole budget is spent
                    self._hurried, seconds = monotonic(), HASTE * self.budget
                if not self._failed:
                    self.show(seconds if self.playing else 0.0)
                self._ended = monotonic()
            else:
                self.stop()

    async def _advance(self):
        """Spend the budget of a frame, until there is a wish."""
        _, budget, slices = self._pace()
        for _ in range(slices):
            if self._wanted or not self.playing or self._failed:
                break
            with self._error_ends_it():
                self.scene.advance(budget / slices)
            await asyncio.sleep(0)

    def _on_the_beat(self):
        """When the frame that begins now was due; now, where it came early or is far too late."""
        now, due = monotonic(), self._began + 1 / self._pace()[0]
        return due if due <= now < due + LATE else now

    def _pace(self):
        """Pictures a second, the seconds of `advance` in each, and the slices of these."""
        if monotonic() < self._hurried + HAND:
            slices = math.ceil(LESS * self.slices)
            return min(self.frames, UNHURRIED), LESS * self.budget, slices
        return self.frames, self.budget, self.slices

    def _rest(self):
        """Seconds until something is due; None where only a wish makes something due."""
        now = monotonic()
        if self._wanted or self.playing or self._moving:
            due = self._hurried + FASTEST if self._wanted else self._began + 1 / self._pace()[0]
            lost = self._asked_at + PATIENCE if self._backlog() else 0.0
            return max(due, self._ended + BREATH, lost) - now
        return self._lease + FORGOTTEN - now if self.toggle.value else None

    def _backlog(self):
        """Whether too many pictures are on their way; never where a browser sends no receipts."""
        if self._answered in (None, self._asked):
            return False
        return self._sent - self._asked >= (FEW if self._delay > SLOW else MANY)

    def _note_receipt(self, change):
        self._answered = int(change.new) if change.new.isdecimal() else None
        if self._answered == self._asked:
            self._delay = monotonic() - self._asked_at
        self._renew_lease()

    # -- one cell, one show ----------------------------------------------------------------------

    def _take_over_the_cell(self):
        cell, execution = _this_cell()
        if cell is None:
            return
        before, stages = self._on_show.get(cell, (None, []))
        if before != execution:
            for stage in stages:
                stage._forget()
            stages = []
        self._on_show[cell] = execution, [*stages, self]


class _Receipt(widgets.Text):
    value = Unicode().tag(**UNECHOED)


def _close_all(widget):
    """Close a widget, what is in it and what belongs to it."""
    for inside in getattr(widget, "children", ()):
        _close_all(inside)
    for part in (getattr(widget, "style", None), getattr(widget, "layout", None), widget):
        if part is not None:
            part.close()


def _this_cell():
    """The ids of the notebook cell that runs now and of this run of it; None without a kernel."""
    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel else {}
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
