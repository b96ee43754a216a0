"""From numbers to pictures as SVG text: pure functions, a few kilobytes each, no NaN in any path.

Text takes the colour of JupyterLab's theme; what has a sign has the course's two colours, and
dashes or corners besides. Each picture says in its title and description what it shows.
"""

import io
import math
from base64 import b64encode
from html import escape

import numpy as np

from nnlib import colours

INK = f"var(--jp-ui-font-color1,{colours.INK})"
FAINT = f"var(--jp-ui-font-color2,{colours.FAINT})"
PAPER = "var(--jp-layout-color1,#fff)"
GRID = "var(--jp-border-color2,#d0d0d6)"


def data_uri(image):
    """A Pillow image as a data URI of a PNG."""
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)  # small pictures: speed counts more
    return "data:image/png;base64," + b64encode(png.getvalue()).decode()


def format_number(value):
    """Three significant digits, from a thousand on all before the point, with a true minus sign.

    "–" for what is no number.
    """
    if not math.isfinite(value):
        return "–"
    digits = f"{value:,.0f}" if 999.5 <= abs(value) < 1e6 else f"{value:.3g}"
    return digits.replace("-", "−")


def picture(width, height, title, description, *parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'style="{_widest(width)};width:100%;display:block" font-size="11" '
        f'font-family="var(--jp-ui-font-family,sans-serif)" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _widest(width):
    return f"max-width:{width * 1.25:.0f}px"


def stroke(value, width):
    """Attributes of a line with a sign: blue and solid, or orange and dashed."""
    dashes = ' stroke-dasharray="5 3"' if value < 0 else ""
    return f'stroke="{colours.of_sign(value)}" stroke-width="{width:.1f}"{dashes}'


# -- curves ----------------------------------------------------------------------------------------


def curve(x, y, *, dashed=False, colour=INK, width=1.8):
    """A curve through the finite points; it breaks where one is not."""
    good = np.isfinite(y)
    marks = np.where(np.append(False, good[:-1]), "L", "M")[good]
    places = np.column_stack([np.round(x), y])[good]
    d = "%d %.1f".join([*marks.tolist(), ""]) % tuple(places.ravel().tolist())
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>'
