"""Settings for every test, here and in the kernels that the tests start."""

import os

import matplotlib
import matplotlib.font_manager  # on a new machine, builds the font cache before a kernel says so

# A progress bar prints times, which differ from run to run.
os.environ["TQDM_DISABLE"] = "1"
# As start.py has it; `uvx nox` tries two.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What a learner has done must not change what a notebook prints, nor a test what was done.
os.environ["NNLIB_PROGRESS"] = "off"
# The tests' own figures are drawn without a window. (Not MPLBACKEND: the kernels would inherit it.)
matplotlib.use("agg")
