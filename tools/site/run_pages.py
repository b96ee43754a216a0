"""The page around each live notebook: progress, restart, reset, and news of a newer version."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path
from string import Template

from kernel import NOTEBOOK_PACKAGES
from published import notebooks

LIVE = Path(__file__).parent / "live"


def build_run_pages(out, kernel):
    """Write one page for each notebook in the folder `out`; JupyterLite is in `lite` beside it."""
    out.mkdir()
    for name in ("download.js", "run.css", "run.js", "theme.js"):
        shutil.copy(LIVE / name, out)
    template = Template((LIVE / "run.html").read_text(encoding="utf-8"))
    course = notebooks()
    shared = {
        "lite": "../lite/",
        "liteVersion": version("jupyterlite-core"),
        "pyodide": "../lite/static/pyodide/",
        "downloads": kernel.downloads(NOTEBOOK_PACKAGES),
        "titles": {notebook.file: notebook.full_title for notebook in course},
    }
    for notebook in course:
        own = {"path": notebook.file, "digest": notebook.digest}
        page = json.dumps(shared | own).replace("<", "\\u003c")
        text = template.substitute(page=page, title=notebook.full_title, name=notebook.name)
        (out / f"{notebook.name}.html").write_text(text, encoding="utf-8")
