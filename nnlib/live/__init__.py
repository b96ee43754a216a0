"""What moves: the playground and the explorers. Plain ipywidgets; the pictures are SVG text."""
