"""The programs that the playground writes for Keras and PyTorch predict what it predicts."""

import pytest

from nnlib.live import Playground

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("library, close", [("keras", 1e-5), ("torch", 1e-12)])
@pytest.mark.parametrize("how", [{}, {"data": "pinwheel", "hidden": (4, 3), "activation": "relu"}])
def test_the_program_predicts_the_same(library, close, how):
    playground = Playground(samples=60, features=("x1", "x2", "sin(x1)"), learning_rate=0.1, **how)
    playground.advance(20)
    names = {}
    exec(playground.code(library), names)
    simulation = playground.simulation
    wanted = simulation.forward(simulation.X).y_hat
    assert names["predict"](simulation.X_raw) == pytest.approx(wanted, rel=close, abs=close)
