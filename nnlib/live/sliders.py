"""A number that can be typed or dragged, and that everyone can name."""

import math
from html import escape

import ipywidgets as widgets
import traitlets

from nnlib.live.driver import UNECHOED

# ipywidgets gives the handle of its sliders the role "slider" but no name, and no way to add one.
# So the handle is hidden from keyboard and screen reader, which have the field beside it, by its
# name. The mouse keeps what is drawn inside the handle.
STYLE = (
    ".nnlib-slider{align-items:center}"
    ".nnlib-slider>.widget-text{width:auto;flex:0 0 auto;margin-right:2px}"
    ".nnlib-slider>.widget-text input{width:62px;min-width:0;flex:0 0 62px}"
    ".nnlib-logarithmic>.widget-text input{width:82px;flex:0 0 82px}"  # 0.000123
    ".nnlib-slider>.widget-slider{flex:1 1 70px;width:70px;min-width:70px}"
    ".nnlib-slider .noUi-handle{visibility:hidden}"
    ".nnlib-slider .noUi-touch-area{visibility:visible;cursor:pointer;border-radius:50%;"
    "box-sizing:border-box;background:var(--jp-layout-color1,#fff);"
    "border:2px solid var(--jp-ui-font-color2,#555)}"
    ".nnlib-slider .noUi-touch-area:hover{border-color:var(--jp-ui-font-color0,#000)}"
)


class _Float(widgets.FloatText):
    value = traitlets.CFloat(0.0).tag(**UNECHOED)


class _Int(widgets.IntText):
    value = traitlets.CInt(0).tag(**UNECHOED)


class _Handle(widgets.IntSlider):
    value = traitlets.CInt(0).tag(**UNECHOED)


class Slider(widgets.HBox):
    """A number from `low` to `high`, in a field with a name and a slider; `value` follows both.

    The slider stops at every `step`, of the power of ten where `logarithmic`; there a step of the
    field is about a tenth of the value. What is typed is whole where `value` is, else it has three
    digits. From Python `value` may lie outside, and have more digits than are shown.
    """

    value = traitlets.Any()

    def __init__(
        self, value, low, high, *, step, description, tooltip, width, logarithmic=False
    ):  # fmt: skip
        self._low, self._high, self._step, self._logarithmic = low, high, step, logarithmic
        self._following = False
        self.field = (_Int if isinstance(value, int) else _Float)(
            value, step=step, description=description, tooltip=tooltip,
            style={"description_width": "initial"},
        )  # fmt: skip
        # The handle counts stops. A whole number is the same in the page and here; a float that
        # the page rounds in its own way would come back as if someone had moved the handle.
        self.handle = _Handle(self._stop(value), min=0, max=self._stop(high), readout=False)
        super().__init__([self.field, self.handle], layout={"width": width})
        self.add_class("nnlib-slider")
        if logarithmic:
            self.add_class("nnlib-logarithmic")
        self.value = value
        self.field.observe(self._typed, "value")
        self.handle.observe(self._dragged, "value")

    @property
    def description(self):
        """The name of the field."""
        return self.field.description

    def _typed(self, change):
        if not self._following:
            self.value = _rounded(min(max(change.new, self._low), self._high))
            self._follow()  # the field, where it was outside

    def _dragged(self, change):
        if change.new != self._stop(self.value):
            self.value = self._at(change.new)

    def _stop(self, value):
        """The number of the stop that is nearest to a value; the first is 0."""
        inside = min(max(value, self._low), self._high)
        return round((self._scaled(inside) - self._scaled(self._low)) / self._step)

    def _at(self, stop):
        """The value at a stop."""
        scaled = self._scaled(self._low) + stop * self._step
        return _rounded(10**scaled if self._logarithmic else scaled)

    def _scaled(self, value):
        return math.log10(value) if self._logarithmic else value

    @traitlets.observe("value")
    def _follow(self, _=None):
        """Bring field and slider to the value."""
        self._following = True
        if self._logarithmic and self.value > 0:
            self.field.step = 10.0 ** (math.floor(math.log10(self.value)) - 1)
        self.field.value = _rounded(self.value)
        self.handle.value = self._stop(self.value)
        self._following = False


def show_tooltip(widget):
    """Where ipywidgets shows no tooltip, put it as a title into the HTML of the description."""
    if isinstance(widget, (widgets.Dropdown, widgets.Checkbox, widgets.Text)):
        title, text = escape(widget.tooltip), escape(widget.description)
        widget.description_allow_html = True
        widget.description = f'<span title="{title}">{text}</span>'
    if isinstance(widget, widgets.Checkbox):
        widget.tooltip = None  # else the page shows that HTML as the tooltip of the box


def _rounded(value):
    return value if isinstance(value, int) else float(f"{value:.3g}")
