"""Three live notebooks in Firefox."""

import shutil
from urllib.parse import urlsplit

import pytest
from bidi import NAMES, running_firefox
from live import LiveNotebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="no Firefox"),
]


@pytest.fixture
def page(tmp_path):
    """A tab of a fresh Firefox."""
    with running_firefox(tmp_path) as page:
        yield page


@pytest.mark.parametrize("name", ["00_start_here", "02_forward_pass", "06_playground"])
def test_a_notebook_runs_to_its_end(name, page, site):
    page.goto(f"{site.url}run/{name}.html")
    notebook = LiveNotebook(page)
    outputs = [output for cell in notebook.run_all(400) for output in cell["outputs"]]
    assert outputs and not [o for o in outputs if o["output_type"] == "error"]
    known = {urlsplit(host).netloc for host in site.hosts} | {""}  # data: and blob: have none
    assert [url for url in page.requests if urlsplit(url).netloc not in known] == []
