"""What a contributor adds in one place is found everywhere: one made-up thing of each kind.

CONTRIBUTING.md ("Where do I add …") lists the places; here the same is done in a copy.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# file: what is added at its end
ADDED = {
    "nnlib/activations.py": """
ACTIVATIONS["softsign"] = Activation(
    lambda z: z / (1 + np.abs(z)), lambda da, a: da * (1 - np.abs(a)) ** 2, -1, 1
)
""",
    "nnlib/costs.py": """
COSTS["twice"] = COSTS["squared_error"]
""",
    "nnlib/optimizers.py": """
@dataclass(frozen=True)
class SignDescent(Optimizer):
    def init_state(self, w):
        return None

    def direction(self, dw, state):
        return np.sign(dw), state


OPTIMIZERS["sign descent"] = SignDescent()
""",
    "nnlib/datasets/toy.py": """
def corners(samples=200, *, noise=0.0, rng):
    X = rng.uniform(-1, 1, (samples, 2))
    return X, (X.min(axis=1, keepdims=True) > 0).astype(float)


DATASETS["corners"] = Dataset(corners)
""",
    "nnlib/live/texts/en.toml": """
[controls.volume]
label = "Volume"
tooltip = "How loud it learns."
""",
    "nnlib/checks/exercises/notebook_05.py": """
@exercise("05", lambda rng: ((rng.uniform(3, 6, 4),), (rng.uniform(3, 6, 7),)))
def half(x):
    return x / 2
""",
    "nnlib/checks/exercises/notebook_05.toml": """
[[half]]
edit = ["x / 2", "x * 2"]
says = "That is double, where half is asked for."
""",
    "nnlib/quiz/05.toml": """
[[questions]]
text = "What is half of 4?"
holds = ["4 / 2 == 2"]
options = [
    { text = "2", why = "Twice 2 is 4.", right = true },
    { text = "8", why = "That is double." },
]
""",
}
SWITCH = '    show_test: bool = _switch("result", shown=True)\n'
CONTROL = '    volume: float = _number(0.5, "more", 0, 1, 0.1)\n'

USE = """
import numpy as np
from nnlib import data, gradcheck, network, optimizers, training
from nnlib.checks import check
from nnlib.live.playground import Playground
from nnlib.live.render.frame import thumbnails
from nnlib.live.settings import Settings
from nnlib.quiz.questions import questions

# network, training, gradient check
rng = np.random.default_rng(0)
made = network.Network((2, 3, 1), hidden="softsign", output="sigmoid", cost="twice")
X, y = data.DATASETS["corners"].make(40, noise=0.0, rng=rng)
start = network.initialize_parameters(made, rng)
sign = optimizers.OPTIMIZERS["sign descent"]
_, history = training.train_neural_network(
    made, start, X, y, learning_rate=0.01, epochs=50, optimizer=sign
)
assert history.costs[-1] < history.costs[0]
trace = network.forward_propagation(made, start, X)
analytic = network.backward_propagation(made, start, trace, y)
numerical = gradcheck.numerical_gradients(made, start, X, y)
for exact, measured in zip(analytic, numerical):
    assert gradcheck.relative_error(exact.dW, measured.dW) < 1e-6

# playground: computed, offered, written and read
playground = Playground(
    activation="softsign", optimizer="sign descent", data="corners", cost_function="twice"
)
playground.advance(5)
assert playground.epoch == 5 and np.isfinite(playground.cost)
for name in ("activation", "optimizer", "cost_function"):
    choice = getattr(playground, name)
    assert choice in [value for value, _ in playground.control(name)["choices"]], name
assert "corners" in thumbnails()
playground.volume = 0.25
assert Settings.from_line(playground.settings.line()).volume == 0.25
assert Settings.from_query(playground.settings.to_query()).volume == 0.25
assert playground.control("volume")["label"] == "Volume"

# checks and quiz
half = check("half", lambda x: x * 2)
check("half", lambda x: x / 2)
assert questions("05")[-1].options[0].right

# notebooks
import nbtools
assert nbtools.LESSONS[-1].name == "99_made_up.ipynb"
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the course with one addition of each kind."""
    folder = tmp_path_factory.mktemp("additions")
    for name in ("nnlib", "tools", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", "*.png", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name, added in ADDED.items():
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    settings = folder / "nnlib/live/settings.py"
    text = settings.read_text(encoding="utf-8")
    assert text.count(SWITCH) == 1
    settings.write_text(text.replace(SWITCH, CONTROL + SWITCH), encoding="utf-8")
    shutil.copy(folder / "notebooks/glossary.ipynb", folder / "notebooks/99_made_up.ipynb")
    return folder


def test_what_is_added_once_is_found_everywhere(copy, tmp_path):
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(copy), str(copy / "tools")]),
        "NNLIB_PROGRESS": str(tmp_path / "progress.json"),
    }
    result = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    wrong, right = result.stdout.strip().splitlines()
    assert "That is double" in wrong and "That is double" not in right
