"""Three live notebooks in Firefox."""

from urllib.parse import urlsplit

import pytest
from firefox import running_firefox
from live import LiveNotebook

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def firefox():
    """Headless Firefox."""
    with running_firefox() as browser:
        yield browser


@pytest.mark.parametrize("name", ["00_start_here", "02_forward_pass", "06_playground"])
def test_a_notebook_runs_to_its_end(name, firefox, site):
    page, requests = firefox.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{site.url}run/{name}.html")
    notebook = LiveNotebook(page)
    outputs = [output for cell in notebook.run_all(400) for output in cell["outputs"]]
    assert outputs and not [o for o in outputs if o["output_type"] == "error"]
    known = {urlsplit(host).netloc for host in site.hosts} | {""}  # data: and blob: have none
    assert requests and [url for url in requests if urlsplit(url).netloc not in known] == []
    page.close()
