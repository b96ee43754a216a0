"""The colours of the course, the same meaning in every picture; safe for colour-blind readers."""

POSITIVE = "#0B6BB0"  # blue, drawn solid
NEGATIVE = "#CF6400"  # orange, drawn dashed
NEUTRAL = "#E8E8EC"  # light grey
ACCENT = "#C83C96"  # look here
INK = "#222831"  # text and axes
FAINT = "#6B7280"  # second text

# A still picture can't know the page's theme. Text of this grey has a contrast of 4.6:1 on white
# and 4.1:1 on JupyterLab's dark #111111; no colour reaches 4.5:1 on both.
MIDTONE = "#70767F"
CARD = "#E9ECF1"  # behind dark text, on light and dark pages alike


def of_sign(value):
    """Return blue for a value >= 0, orange for a negative one."""
    return NEGATIVE if value < 0 else POSITIVE
