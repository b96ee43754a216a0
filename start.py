"""Set up the course and open it in JupyterLab: python3 start.py --help lists all options."""

# This file has to parse on every Python back to 2.7, which is then told that it is too old.
# tools/installation.py does the work.

import os
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "start.py: this is Python %d.%d, but the course needs 3.11 or newer. Get it from "
        "https://www.python.org/downloads/ and start again with it, for example: "
        "python3.13 start.py" % sys.version_info[:2]
    )

# name: (help, the extras of pyproject.toml that it needs, what .venv's Python runs)
COMMANDS = {
    "test": ("run the quick tests; arguments go to pytest", ["test"], ["-P", "-m", "pytest"]),
    "refresh": ("run notebooks and store their outputs", ["test"], ["tools/refresh.py"]),
    "site": ("build the course as a website: site --help", ["site"], ["tools/site/build.py"]),
    "exam": ("print an exam task for a notebook: exam --help", [], ["tools/exams.py"]),
    "assignment": ("make a graded assignment for nbgrader", [], ["tools/assignment.py"]),
    "progress": ("show a class's progress in one table", [], ["tools/class_progress.py"]),
    "slides": ("show a notebook as slides", ["slides"], ["tools/slides.py"]),
    "frameworks": ("install TensorFlow and PyTorch for notebook 09 (optional)", ["frameworks"], []),
}

HELP = """\
Usage: python3 start.py [command] [arguments]

Without a command, start.py opens the first notebook in JupyterLab. You can name another notebook,
and any other arguments go to JupyterLab:
  python3 start.py notebooks/05_training.ipynb
  python3 start.py --no-browser --port 9999

Commands:
%s

The first start creates a Python environment for the course in the folder .venv, using uv if you
have it and pip otherwise. It needs a network connection, 500 MB of disk space and up to three
minutes. Later starts reuse it and repair it if it is damaged. To start over, delete the folder
.venv."""


def main(arguments):
    """Carry out the command line."""
    name, rest = "".join(arguments[:1]), arguments[1:]
    if name in ("-h", "--help", "help"):
        print(HELP % "\n".join("  %-12s%s" % (key, COMMANDS[key][0]) for key in COMMANDS))
        return
    import installation

    if name not in COMMANDS:
        if name and not name.startswith("-") and not name.endswith(".ipynb"):
            installation.fail("there is no command %s. Look at start.py --help" % name)
        command = installation.lab_command(arguments)
        installation.set_up()
        installation.replace_process(command)
    _, extras, program = COMMANDS[name]
    installation.set_up(extras, () if program else rest)
    if program:
        installation.replace_process([str(installation.PYTHON)] + program + rest)


def show_error(kind, error, traceback):
    """Report an interruption in one line, and other errors as Python does."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("\nstart.py: interrupted. Start again to continue.\n")
    else:
        sys.__excepthook__(kind, error, traceback)


if __name__ == "__main__":
    sys.excepthook = show_error
    # Import from tools/ but never from here, where a learner's random.py may be.
    here = os.path.dirname(os.path.realpath(__file__))
    sys.path = [path for path in sys.path if os.path.realpath(path) != here]
    sys.path.insert(0, os.path.join(here, "tools"))
    main(sys.argv[1:])
