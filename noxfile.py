"""Test the course in many environments: `uvx nox`, where uv provides nox and each Python.

One of them: `uvx nox -s "versions-3.13(resolution='lowest-direct')"` or `uvx nox -s offline`.
`uvx nox -s mutants` tests the tests: see tools/mutants.py. Arguments after `--` go to pytest.
"""

import shutil

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv"
nox.options.sessions = ["versions", "labs", "abroad", "offline"]

# These make environments of their own or look at the code alone: the versions here don't matter.
ELSEWHERE = ("test_binder", "test_installation", "test_start", "test_style")
ELSEWHERE = [f"--ignore=tests/{name}.py" for name in ELSEWHERE]
NO_BROWSER = [*ELSEWHERE, "--ignore=tests/browser"]
RESOLUTIONS = nox.parametrize("resolution", ["lowest-direct", "highest"])


def install(session, resolution="highest"):
    """Install the lowest or highest versions that requirements.txt allows, and the test tools."""
    wheels = [f"--only-binary={name}" for name in ("numpy", "matplotlib")]
    # Old versions of Matplotlib use names that pyparsing 3.3 deprecates.
    contemporary = ["pyparsing==3.2.5"] if resolution == "lowest-direct" else []
    session.install("-r", "requirements.txt", *contemporary, f"--resolution={resolution}", *wheels)
    session.install("-e", ".[test]")
    session.run("uv", "pip", "list", external=True)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
@RESOLUTIONS
def versions(session, resolution):
    """All notebooks and quick tests, with one and with two BLAS threads."""
    install(session, resolution)
    for threads in ("1", "2"):
        env = {"OPENBLAS_NUM_THREADS": threads}
        session.run("pytest", *NO_BROWSER, *session.posargs, env=env)


@nox.session(python="3.13")
@RESOLUTIONS
def labs(session, resolution):
    """The browser tests in the oldest supported JupyterLab, 4.4, and in the newest."""
    install(session, resolution)
    session.run("pytest", "tests/browser", *session.posargs)
    session.run("pytest", "-m", "slow", "-n0", "tests/browser", *session.posargs)


@nox.session(python="3.13")
def abroad(session):
    """The quick tests in another time zone and without UTF-8."""
    install(session)
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Chatham"}
    session.run("pytest", *NO_BROWSER, *session.posargs, env=env)


@nox.session(python="3.13")
def offline(session):
    """The quick tests without a network: behind a closed proxy, and on Linux with loopback only."""
    install(session)
    command = ["pytest", *ELSEWHERE, *session.posargs]
    env = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    env["NO_PROXY"] = "127.0.0.1,localhost"
    if shutil.which("unshare") and shutil.which("ip"):
        loopback = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        command = ["unshare", "--map-root-user", "--net", *loopback, *command]
    session.run(*command, env=env, external=True)


@nox.session(python="3.13")
def mutants(session):
    """Small changes of nnlib's logic, which the tests should notice."""
    install(session)
    session.install("cosmic-ray ==8.7.*")
    session.run("python", "tools/mutants.py", *session.posargs)
