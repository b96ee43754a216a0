"""What the playground needs: on its own page there are neither notebooks nor pictures."""

import subprocess
import sys

ABSENT = ["IPython", "PIL", "anywidget", "ipywidgets", "matplotlib", "tqdm"]
PLAY = """
import sys
sys.modules.update(dict.fromkeys({absent!r}))
from nnlib.live.playground import Playground
playground = Playground(playing=True)
request = dict(view="a page", number=1, full=True, seconds=0.1)
content, _ = playground.answer(request)
assert content["playing"] and playground.epoch > 0, content
"""


def test_the_playground_plays_with_numpy_and_traitlets_alone():
    command = [sys.executable, "-c", PLAY.format(absent=ABSENT)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
