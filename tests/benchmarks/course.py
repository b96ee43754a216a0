"""What the course asks of a machine: `python tests/benchmarks/course.py [notebooks]`.

Prints and writes nothing: how long `import nnlib` takes beyond numpy, what a kernel weighs, and
how long each notebook runs from a fresh kernel. Linux only; needs what `python3 start.py test`
installs.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools")]

from nbformat.v4 import new_code_cell  # noqa: E402
from nbtools import PATHS, read, run  # noqa: E402

CORE = ["data", "activations", "costs", "network", "gradcheck", "optimizers", "training"]
WEIGHT = "next(line for line in open('/proc/self/status') if line.startswith('VmRSS')).split()[1]"
SLOWEST = dict.fromkeys(("00", "01", "02", "03", "04", "05", "06"), 15)  # seconds


def printed(code):
    """What a fresh Python prints, as a number."""
    command = [sys.executable, "-c", code]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def import_times(rounds=15):
    timed = "from time import perf_counter as t; import numpy; a = t(); {}; print(1e3 * (t() - a))"
    for name, code in {
        "import nnlib": "import nnlib",
        "its core": "; ".join(f"import nnlib.{module}" for module in CORE),
        "its plots": "import nnlib.plots",
        "its playground": "import nnlib.live",
    }.items():
        times = [printed(timed.format(code)) for _ in range(rounds)]
        goal = "goal ≤ 30" if name in ("import nnlib", "its core") else ""
        print(f"{name + ', ms beyond numpy':36}{median(times):8.1f}  {goal}")


def weights():
    drawn = "from nnlib import plots; plots.neuron([2, 7], [0.5, 0.5], 0.0)"
    for name, code in {
        "nothing": "pass",
        "numpy": "import numpy",
        "nnlib's core": "; ".join(f"import nnlib.{module}" for module in CORE),
        "a first picture": drawn,
    }.items():
        size = printed(f"import ipykernel.kernelapp; {code}; print({WEIGHT})") / 1024
        print(f"{'A kernel with ' + name + ', MiB':36}{size:8.0f}")


def notebooks(paths):
    print(f"\n{'':28}{'run all, s':>12}{'kernel, MiB':>14}")
    for path in paths:
        notebook = read(path)
        notebook.cells.append(new_code_cell(f"print({WEIGHT})"))
        began = perf_counter()
        run(notebook, path.parent)
        took = perf_counter() - began
        size = int(notebook.cells[-1].outputs[0].text) / 1024
        limit = SLOWEST.get(path.name[:2], 60)
        print(f"{path.stem:28}{took:12.1f}{size:14.0f}  goal ≤ {limit} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=PATHS)
    paths = parser.parse_args().paths
    import_times()
    weights()
    notebooks(paths)


if __name__ == "__main__":
    main()
