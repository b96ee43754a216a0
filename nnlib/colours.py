"""The colours of the course, the same meaning in every picture; safe for colour-blind readers."""

POSITIVE = "#0B6BB0"  # blue, drawn solid
NEGATIVE = "#CF6400"  # orange, drawn dashed
NEUTRAL = "#E8E8EC"  # light grey
ACCENT = "#A8196F"  # look here
INK = "#222831"  # text and axes
FAINT = "#6B7280"  # second text


def of_sign(value):
    """Blue for a value >= 0, orange for a negative one."""
    return NEGATIVE if value < 0 else POSITIVE
