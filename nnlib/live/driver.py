"""What moves a picture: one task on the kernel's event loop, asked by widgets, stopped by silence.

Callbacks only store what is wanted (`Stage.want`); a frame applies it, advances for a time budget,
draws once and sends one message. ipykernel may run callbacks on another thread, so they wake the
loop and touch nothing else. The browser's Play widget renews a lease: no browser, no motion.
"""

import asyncio
import html
from base64 import b64encode
from threading import Lock
from time import monotonic
from typing import ClassVar, Protocol

import ipywidgets as widgets
from IPython import get_ipython

LEASE = 1.5  # seconds of motion that one sign of life from the browser allows
TICK = 0.25  # seconds between two such signs
FASTEST = 1 / 60  # seconds between two pictures, however fast wishes come
BREATH = 0.002  # seconds that the kernel gets for its messages after every frame
WINDOW = 6  # pictures that may be on their way to the browser: bounds the backlog of a slow line
PATIENCE = 1.0  # seconds after which a picture counts as lost


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
    """Shows a scene in `picture` and `readout`, and moves it while the widget `play` plays.

    `frames`: pictures a second at most. `budget`: seconds of `scene.advance` in each of them.
    """

    _on_show: ClassVar = {}  # {cell id: (execution id, its stages)}: a new run ends the old ones

    def __init__(self, scene, *, frames=30, budget=0.015):
        self.scene, self.frames, self.budget = scene, frames, budget
        self.picture, self.readout, self.text = widgets.HTML(), widgets.HTML(), ""
        self.play = widgets.Play(interval=round(1000 * TICK), max=10**9, show_repeat=False)
        self.play.observe(self._renew_lease, "value")
        self.play.observe(self._start_or_end_lease, "playing")
        self._wanted, self._lock = {}, Lock()
        self._lease = self._sent_at = self._read_at = 0.0
        # The browser copies the number of each picture that it has drawn into a text never shown.
        self._sent, self._seen, self._receipt = 0, None, widgets.Text()
        self._link = widgets.jsdlink((self.picture, "placeholder"), (self._receipt, "value"))
        self._receipt.observe(self._note_receipt, "value")
        self._loop = self._task = None
        self._take_over_the_cell()
        self._begin()
        self.show()

    # -- asking ----------------------------------------------------------------------------------

    def want(self, name, value):
        """Ask for a change at the next frame; of several for one name the newest counts."""
        with self._lock:
            self._wanted.pop(name, None)
            self._wanted[name] = value
        self._wake()

    @property
    def playing(self):
        """Whether a browser asked for motion within the last 1.5 s."""
        return monotonic() < self._lease

    def stop(self):
        """Stop the motion. The task waits at no cost for the next wish."""
        self._lease = 0.0
        self.play.playing = False

    def close(self):
        """End the task for good."""
        self.stop()
        if self._task:
            self._loop.call_soon_threadsafe(self._task.cancel)
            self._task = None

    def _renew_lease(self, change):
        if self.play.playing:
            self._extend_lease()

    def _start_or_end_lease(self, change):
        if change.new:
            self._extend_lease()
        else:
            self._lease = 0.0

    def _extend_lease(self):
        was_playing = self.playing
        self._lease = monotonic() + LEASE
        if not was_playing:
            self._wake()

    # -- showing ---------------------------------------------------------------------------------

    def show(self, seconds=0.0):
        """One frame now: make the wanted changes, advance for `seconds`, draw. Needs no browser."""
        with self._lock:
            wanted, self._wanted = self._wanted, {}
        try:
            for name, value in wanted.items():
                self.scene.apply(name, value)
            if seconds:
                self.scene.advance(seconds)
            svg, text = self.scene.draw()
        except (Exception, KeyboardInterrupt) as error:
            self.stop()
            self._say(f"Stopped: {type(error).__name__}: {error}")
            return
        self._sent, self._sent_at = self._sent + 1, monotonic()
        with self.picture.hold_sync():
            self.picture.value, self.picture.placeholder = svg, str(self._sent)
        if not self.playing or monotonic() - self._read_at > 0.5:
            self._say(text)
        self.text = text

    def _say(self, text):
        self._read_at, self.text = monotonic(), text
        self.readout.value = f'<div role="status">{html.escape(text)}</div>'

    def bundle(self, root):
        """Data and metadata to display: the widget `root`, and for pages without a kernel a PNG."""
        data = {**root._repr_mimebundle_(), "text/plain": self.text}
        data["image/png"] = b64encode(self.scene.still()).decode()
        return data, {"image/png": {"alt": self.text}}

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
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _run(self):
        began = monotonic()
        while True:
            await self._sleep(self._rest(began))
            if (self._wanted or self.playing) and not self._backlog():
                began = monotonic()
                # A change is shown sooner than a whole budget of training would allow.
                budget = self.budget / 3 if self._wanted else self.budget
                self.show(budget if self.playing else 0.0)

    def _rest(self, began):
        """Seconds until the next frame is due; None where only a wish makes one due."""
        if self._wanted or self.playing:
            gap = FASTEST if self._wanted else 1 / self.frames
            return max(began + gap - monotonic(), 0.02 if self._backlog() else BREATH)
        return None

    async def _sleep(self, seconds):
        """Until time is over or something is wanted; long enough for the kernel's messages."""
        await asyncio.sleep(BREATH if seconds is None else min(seconds, FASTEST, BREATH))
        if seconds is None or seconds > BREATH:
            try:
                rest = None if seconds is None else seconds - BREATH
                await asyncio.wait_for(self._woken.wait(), rest)
            except TimeoutError:
                pass
        self._woken.clear()

    def _backlog(self):
        """Whether too many pictures are on their way; never where a browser sends no receipts."""
        if self._seen is None or monotonic() - self._sent_at > PATIENCE:
            return False
        return self._sent - self._seen >= WINDOW

    def _note_receipt(self, change):
        self._seen = int(change.new or 0)

    # -- one cell, one show ----------------------------------------------------------------------

    def _take_over_the_cell(self):
        cell, execution = _this_cell()
        if cell is None:
            return
        before, stages = self._on_show.get(cell, (None, []))
        if before != execution:
            for stage in stages:
                stage.close()
            stages = []
        self._on_show[cell] = execution, [*stages, self]


def _this_cell():
    """The ids of the notebook cell that runs now and of this run of it; None without a kernel."""
    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent() if kernel else {}
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
