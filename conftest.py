"""Settings for every test, here and in the kernels that the tests start."""

import os

import matplotlib
import matplotlib.font_manager  # on a new machine, builds the font cache before a kernel says so
import pytest
from nbval.plugin import IPyNbCell
from pictures import VARIES, stale

# A progress bar prints times, which differ from run to run.
os.environ["TQDM_DISABLE"] = "1"
# As start.py has it; `uvx nox` tries two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What a learner has done must not change what a notebook prints, nor a test what was done.
os.environ["NNLIB_PROGRESS"] = "off"
# The tests' own figures are drawn without a window. (Not MPLBACKEND: the kernels would inherit it.)
matplotlib.use("agg")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """nbval compares all outputs of a cell but its pictures: here they are."""
    result = yield
    varies = isinstance(item, IPyNbCell) and VARIES in item.cell.metadata.get("tags", ())
    if isinstance(item, IPyNbCell) and item.test_outputs and not varies:
        faults, skipped = stale(item.cell.outputs, item.test_outputs)
        item.user_properties.append(("pictures of another Matplotlib", skipped))
        if faults:
            item.raise_cell_error("; ".join(faults))
    return result
