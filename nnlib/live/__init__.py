"""Live views: the playground and the explorers, on anywidget. `widget.py` says how they work."""

from nnlib.live.playground import Playground

__all__ = ["Playground"]
