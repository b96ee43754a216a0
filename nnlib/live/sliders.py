"""A number that can be typed or dragged, and that everyone can name."""

import math

import ipywidgets as widgets
import traitlets

# ipywidgets gives the handle of its sliders the role "slider" but no name, and no way to add one.
# So the handle is hidden from keyboard and screen reader, which have the field beside it, by its
# name. The mouse keeps what is drawn inside the handle.
STYLE = (
    ".nnlib-slider{align-items:center}"
    ".nnlib-slider>.widget-text{width:auto;flex:0 0 auto;margin-right:2px}"
    ".nnlib-slider>.widget-text input{width:62px;min-width:0;flex:0 0 62px}"
    ".nnlib-slider>.widget-slider{flex:1 1 70px;width:70px;min-width:70px}"
    ".nnlib-slider .noUi-handle{visibility:hidden}"
    ".nnlib-slider .noUi-touch-area{visibility:visible;cursor:pointer;border-radius:50%;"
    "box-sizing:border-box;background:var(--jp-layout-color1,#fff);"
    "border:2px solid var(--jp-ui-font-color2,#555)}"
    ".nnlib-slider .noUi-touch-area:hover{border-color:var(--jp-ui-font-color0,#000)}"
)


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
        whole, self._following, self._held = isinstance(value, int), False, False
        field = widgets.IntText if whole else widgets.FloatText
        self.field = field(
            value, step=step, description=description, tooltip=tooltip,
            style={"description_width": "initial"},
        )  # fmt: skip
        # The page moves a value to the next step of its own; it must be too small to matter.
        look = {"step": step if whole else 1e-6, "readout": False}
        if logarithmic:
            low, high = math.log10(low), math.log10(high)
            self.handle = widgets.FloatLogSlider(value, base=10, min=low, max=high, **look)
        else:
            slider = widgets.IntSlider if whole else widgets.FloatSlider
            self.handle = slider(value, min=low, max=high, **look)
        super().__init__([self.field, self.handle], layout={"width": width})
        self.add_class("nnlib-slider")
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
        if not (self._following or _alike(change.new, self.value)):
            self._held = True  # the mouse has it
            self.value = self._stop_at(change.new)
            self._held = False

    def _stop_at(self, value):
        """The step that is nearest."""
        if isinstance(value, int):
            return value
        if self._logarithmic:
            return _rounded(10 ** (self._step * round(math.log10(value) / self._step)))
        return _rounded(self._step * round(value / self._step))

    @traitlets.observe("value")
    def _follow(self, _=None):
        """Bring field and slider to the value."""
        self._following = True
        if self._logarithmic and self.value > 0:
            self.field.step = 10.0 ** (math.floor(math.log10(self.value)) - 1)
        self.field.value = _rounded(self.value)
        if not (self._held or _alike(self.handle.value, self.value)):
            self.handle.value = self.value
        self._following = False


def _alike(one, other):
    return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5)


def _rounded(value):
    return value if isinstance(value, int) else float(f"{value:.3g}")
