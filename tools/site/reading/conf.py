"""Sphinx: how the reading pages are made. `reading.py` starts it and passes what depends on the
repository."""

import sys
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).parent))

project = "Neural networks from scratch"
author = "the authors of the course"
copyright = "the authors of the course, CC BY 4.0; code MIT"
extensions = ["myst_nb", "sphinx_copybutton"]
root_doc = "index"
language = "en"
exclude_patterns = ["run", "lite", "playground"]

# The stored outputs are shown; nothing is run.
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/javascript", None),
]
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath", "html_image"]
myst_heading_anchors = 4
myst_heading_slug_func = "jupyter_slugs.slug"
suppress_warnings = ["mystnb.unknown_mime_type"]
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}
copybutton_selector = "div.highlight:not(.output div.highlight) > pre"

html_theme = "sphinx_book_theme"
html_title = project
html_favicon = "static/favicon.svg"
html_logo = "static/favicon.svg"
html_static_path = ["static"]
html_css_files = ["course.css"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "navbar_persistent": [],  # the search is in the side bar
    "home_page_in_toc": False,
    "logo": {"text": project},
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_issues_button": False,
    "navigation_with_keys": False,
}


def add_run_button(app, pagename, templatename, context, doctree):
    """Put "Run it here" among the buttons on top of a notebook's page."""
    if app.env.doc2path(pagename).suffix == ".ipynb":
        button = {
            "type": "link",
            "url": f"run/{pagename}.html",
            "text": "Run it here",
            "tooltip": "Run this notebook in your browser",
            "icon": "fa-solid fa-play",
            "label": "run-it-here",
        }
        context["header_buttons"].insert(0, button)


def keep_equations_as_written(app, doctree):
    """Pass displayed equations to MathJax as they are in the notebook.

    Sphinx would put each one of several lines into `split`, in which `\\tag` is an error.
    """
    for equation in doctree.findall(nodes.math_block):
        if not equation["nowrap"]:
            equation["nowrap"] = True
            equation[:] = [nodes.Text(rf"\[{equation.astext()}\]")]


def setup(app):
    app.connect("doctree-read", keep_equations_as_written)
    app.connect("html-page-context", add_run_button, priority=501)  # after the theme's own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
