"""The reading pages: every notebook with its stored outputs, made by Sphinx."""

import shutil
from html import escape
from pathlib import Path
from string import Template

from places import colab_cell, places, repository
from published import notebooks, series
from recording import record
from registries import npm_package
from sphinx.cmd.build import build_main

SOURCE = Path(__file__).parent / "reading"
FONTS = "output/chtml/fonts/woff-v2"
RUN = """
<p class="run-it"><a class="action first" href="run/{name}.html">▶ Run it here</a>
<span>The same notebook, live in your browser.</span></p>
"""


def build_reading(out, work):
    """Build the reading pages in the folder `out`."""
    source = work / "reading"
    shutil.copytree(SOURCE, source)
    for notebook in notebooks():
        text = notebook.for_reading(RUN.format(name=notebook.name))
        (source / notebook.file).write_text(text, encoding="utf-8")
    _fill(source / "index.md", _front_page())
    _fill(source / "places.md", _places())
    _add_mathjax(source / "static" / "mathjax", work)
    arguments = ["-q", "-j", "2", "-W", "--keep-going", "-d", work / "doctrees"]
    if build_main([str(argument) for argument in [*arguments, source, out]]):
        raise SystemExit("Sphinx could not build the reading pages, see above.")
    shutil.rmtree(out / "_sources", ignore_errors=True)
    for rest in (".buildinfo", "objects.inv"):
        (out / rest).unlink(missing_ok=True)


def _fill(path, values):
    text = Template(path.read_text(encoding="utf-8")).substitute(values)
    path.write_text(text, encoding="utf-8")


def _front_page():
    """Return what the front page says about this course and this repository."""
    course, repo = series(), repository()
    get = f"[get the course](https://github.com/{repo})" if repo else "get a copy of the course"
    elsewhere = (
        "On Binder, GitHub Codespaces or Google Colab, once a copy of the course is on GitHub."
    )
    if repo:
        links = places(repo, course[0].path.name)
        elsewhere = "On somebody else's computer, free of charge: "
        elsewhere += ", ".join(f"[{place.name}]({place.url})" for place in links) + "."
    return {
        "first": course[0].name,
        "get_the_course": get,
        "elsewhere": elsewhere,
        "notebooks": "\n".join(map(_card, course)),
        "toctree": "\n".join(notebook.name for notebook in course),
        "more": "\n".join(
            ["places", *(notebook.name for notebook in notebooks() if not notebook.number)]
        ),
        "recording": record(),
    }


def _card(notebook):
    """Return a notebook's entry in the list of the front page."""
    minutes = f"{notebook.minutes} minutes · " if notebook.minutes else ""
    return (
        f'<li><a class="title" href="{notebook.name}.html"><b>{notebook.number}</b> '
        f"{escape(notebook.title)}</a><p>{escape(notebook.lead)}</p>"
        f'<p class="small">{minutes}<a href="run/{notebook.name}.html">▶ Run it here'
        f'<span class="visually-hidden">: {escape(notebook.title)}</span></a></p></li>'
    )


def _places():
    """Return the rows and the paragraphs about other places, empty without a repository."""
    repo = repository()
    if repo is None:
        return {"rows": "", "more": ""}
    first = series()[0].path.name
    rows = [f"| [{p.name}]({p.url}) | open the link | {p.kept} |" for p in places(repo, first)]
    more = f"""
## On Google Colab

Put a new cell on top of the notebook and run it first:

```python
{colab_cell(repo)}
```
"""
    return {"rows": "\n".join(rows), "more": more}


def _add_mathjax(place, work):
    """Copy the parts of MathJax that the pages use."""
    mathjax = npm_package("mathjax", work) / "es5"
    shutil.copytree(mathjax / FONTS, place / FONTS)
    shutil.copy(mathjax / "tex-chtml.js", place)
