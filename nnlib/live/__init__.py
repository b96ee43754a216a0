"""What moves: the playground and the explorers. Plain ipywidgets; the pictures are SVG text."""

from nnlib.live.playground import Playground

__all__ = ["Playground"]
