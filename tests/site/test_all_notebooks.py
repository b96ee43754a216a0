"""Every notebook runs in the browser to its end and prints what the stored notebook shows."""

import pytest
from live import LiveNotebook
from nbtools import PATHS
from outputs import assert_like_stored
from test_live import RUN_HERE

PATHS = [path for path in PATHS if path.stem not in RUN_HERE]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_outputs_are_the_stored_ones(path, open_page):
    notebook = LiveNotebook(open_page(f"run/{path.stem}.html"))
    notebook.run_all(timeout=800)
    assert_like_stored(path, notebook.content())
