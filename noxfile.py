"""Notebooks and quick tests on every Python, with the oldest and the newest packages allowed.

Run it with `uvx nox` (uv brings nox and the Pythons), or one cell of the table with
`uvx nox -s "versions-3.13(resolution='lowest-direct')"`. Arguments after `--` go on to pytest.
"""

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv"

# These start environments and browsers of their own, whatever the versions here.
ELSEWHERE = ("tests/browser", "tests/test_binder.py", "tests/test_start.py")


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
@nox.parametrize("resolution", ["lowest-direct", "highest"])
def versions(session, resolution):
    """Every notebook, strictly, and the quick tests, with one and with two BLAS threads."""
    wheels = [f"--only-binary={name}" for name in ("numpy", "matplotlib")]
    # Old versions of Matplotlib call functions by names that pyparsing 3.3 warns of.
    of_that_time = ["pyparsing==3.2.5"] if resolution == "lowest-direct" else []
    session.install("-r", "requirements.txt", *of_that_time, f"--resolution={resolution}", *wheels)
    session.install("-e", ".[test]")
    session.run("uv", "pip", "list", external=True)
    ignored = [f"--ignore={path}" for path in ELSEWHERE]
    for threads in ("1", "2"):
        session.run("pytest", *ignored, *session.posargs, env={"OPENBLAS_NUM_THREADS": threads})
