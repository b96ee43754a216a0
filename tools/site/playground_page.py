"""The playground on a page of its own, without a notebook."""

import json
import shutil
from html import escape
from pathlib import Path
from string import Template

from published import series

from nnlib.live.playground import Playground
from nnlib.live.widget import page_state, script, style

SOURCE = Path(__file__).parent / "playground"
PACKAGES = ["numpy", "traitlets"]  # what the playground needs of nnlib's requirements
LESSON = "06"
POSTER = {"data": "circles", "epochs": 300}  # what the still picture shows while Python loads


def build_playground_page(out, kernel):
    """Write the page into the folder `out`; JupyterLite's Pyodide is in `lite` beside it."""
    out.mkdir()
    for name in ("host.css", "host.js", "host.py", "worker.js"):
        shutil.copy(SOURCE / name, out)
    (out / "view.js").write_text(script(), encoding="utf-8")
    (out / "view.css").write_text(style(), encoding="utf-8")
    playground = Playground(data=POSTER["data"])
    page = {
        "traits": page_state(playground),
        "base": "../lite/static/pyodide/",
        "pyodide": kernel.pyodide,
        "packages": PACKAGES,
        "wheel": kernel.lock["packages"]["nnlib"]["file_name"],
        "downloads": kernel.downloads(PACKAGES, only=["nnlib"]),
    }
    playground.advance(POSTER["epochs"])
    (out / "poster.png").write_bytes(playground.still())
    template = Template((SOURCE / "index.html").read_text(encoding="utf-8"))
    text = template.substitute(
        page=json.dumps(page).replace("<", "\\u003c"),
        words=escape(playground.still_words()),
        lesson=next(notebook.name for notebook in series() if notebook.number == LESSON),
    )
    (out / "index.html").write_text(text, encoding="utf-8")
