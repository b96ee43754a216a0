"""What a newcomer sees when start.py opens JupyterLab for the first time."""

import urllib.parse


def test_the_first_notebook_is_open_and_nothing_else_asks_for_attention(open_notebook, page, lab):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_notebook()
    page.wait_for_timeout(3000)  # a pop-up would come a moment after the first picture
    current = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    assert current == "notebooks/00_start_here.ipynb"
    assert page.locator(".jp-Dialog").count() == 0, page.locator(".jp-Dialog").inner_text()
    toasts = page.locator(".Toastify__toast")
    assert toasts.count() == 0, toasts.all_inner_texts()
    assert page.problems == []
    # Nothing phones home: neither the page, nor the server on its behalf.
    home = urllib.parse.urlsplit(lab.url).netloc
    strangers = {url for url in asked if urllib.parse.urlsplit(url).netloc not in (home, "")}
    assert strangers == set()


def test_run_all_ends_without_an_error(open_notebook, run_all):
    open_notebook()
    notebook = run_all()
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells and all(cell["execution_count"] for cell in cells)
    errors = [
        output
        for cell in cells
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert errors == []
