"""Every promise about versions and places, in one command: `uvx nox` (uv brings nox and Pythons).

One row alone: `uvx nox -s "versions-3.13(resolution='lowest-direct')"`, `uvx nox -s offline`.
`uvx nox -s mutants` asks whether the tests notice small changes of nnlib; see tests/mutants.md.
Arguments after `--` go on to pytest. A warning is an error in all of them: pyproject.toml says so.
"""

import shutil

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv"
nox.options.sessions = ["versions", "labs", "abroad", "offline"]

# These make environments of their own, whatever the versions here, and want a network for it.
ELSEWHERE = ["--ignore=tests/test_binder.py", "--ignore=tests/test_start.py"]
NO_BROWSER = [*ELSEWHERE, "--ignore=tests/browser"]
RESOLUTIONS = nox.parametrize("resolution", ["lowest-direct", "highest"])
NO_NETWORK = "http://127.0.0.1:9"  # where nobody listens
ONLY_LOOPBACK = "ip link set lo up && exec "


def install(session, resolution="highest"):
    """The oldest or the newest packages that requirements.txt allows, and what the tests need."""
    wheels = [f"--only-binary={name}" for name in ("numpy", "matplotlib")]
    # Old versions of Matplotlib call functions by names that pyparsing 3.3 warns of.
    of_that_time = ["pyparsing==3.2.5"] if resolution == "lowest-direct" else []
    session.install("-r", "requirements.txt", *of_that_time, f"--resolution={resolution}", *wheels)
    session.install("-e", ".[test]")
    session.run("uv", "pip", "list", external=True)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
@RESOLUTIONS
def versions(session, resolution):
    """Every notebook, strictly, and the quick tests, with one and with two BLAS threads."""
    install(session, resolution)
    for threads in ("1", "2"):
        env = {"OPENBLAS_NUM_THREADS": threads}
        session.run("pytest", *NO_BROWSER, *session.posargs, env=env)


@nox.session(python="3.13")
@RESOLUTIONS
def labs(session, resolution):
    """The browser tests in the oldest JupyterLab allowed, 4.4, and in the newest."""
    install(session, resolution)
    session.run("pytest", "tests/browser", *session.posargs)
    session.run("pytest", "-m", "slow", "-n0", "tests/browser", *session.posargs)


@nox.session(python="3.13")
def abroad(session):
    """Another language and time zone, and no UTF-8."""
    install(session)
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Pacific/Chatham"}
    session.run("pytest", *NO_BROWSER, *session.posargs, env=env)


@nox.session(python="3.13")
def offline(session):
    """Without network: behind a closed proxy, and on Linux with no interface but loopback."""
    install(session)
    command = ["pytest", *ELSEWHERE, *session.posargs]
    closed = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NO_NETWORK)
    closed["NO_PROXY"] = "127.0.0.1,localhost"
    if shutil.which("unshare") and shutil.which("ip"):
        alone = ["unshare", "--map-root-user", "--net", "sh", "-c", ONLY_LOOPBACK + '"$@"', "sh"]
        session.run(*alone, *command, env=closed, external=True)
    else:
        session.run(*command, env=closed)


@nox.session(python="3.13")
def mutants(session):
    """Change nnlib's logic a little, 300 times, and see that tests notice: tests/mutants.py."""
    install(session)
    session.install("cosmic-ray ==8.7.*")
    session.run("python", "tests/mutants.py", *session.posargs)
