"""Numbers, arrays and pictures as text: the same in plots, widgets, checks and quizzes."""

import math
from base64 import b64encode

import numpy as np
from numpy.typing import ArrayLike


def format_number(value: float) -> str:
    """Return a number with three significant digits and a true minus sign: "−0.125", "12,346".

    From a thousand on, all digits before the point are shown. Rounding noise gives "0", so that
    the text is the same on every machine. Infinity and NaN give "–".
    """
    if not math.isfinite(value):
        return "–"
    value = float(f"{value:.12g}")
    if abs(value) < 1e-13:
        return "0"
    text = f"{value:,.0f}" if 999.5 <= abs(value) < 1e6 else f"{value:.3g}"
    return text.replace("-", "−")


def format_array(values: ArrayLike) -> str:
    """Return the numbers of an array in one line, one row after another: "0.5, 0.2; 1, 3"."""
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    return "; ".join(", ".join(map(format_number, row)) for row in rows)


def format_count(count: int, noun: str) -> str:
    """Return a count with its noun: "1 epoch", "1,797 samples"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def png_data_uri(png: bytes) -> str:
    """Return the bytes of a PNG file as a data URI, for `src` and `href` attributes."""
    return "data:image/png;base64," + b64encode(png).decode()
