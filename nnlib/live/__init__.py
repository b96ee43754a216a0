"""Live views: playground, explorers and digit pad, on anywidget. `widget.py` says how they work."""

from nnlib.live.digit_pad import DigitPad
from nnlib.live.playground import Playground

__all__ = ["DigitPad", "Playground"]
