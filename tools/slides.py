"""Show a notebook as slides, in which everything runs: `python3 start.py slides 04`.

This writes a copy of the notebook to build/slides, marked up as slides, and opens it in JupyterLab
as a slideshow. Nothing comes from the internet. In the slideshow:

  Ctrl+Alt+Enter    run all cells: do this first, and every figure can be played with
  → and ←           go on and back, cell by cell (or Page Down and Page Up, as clickers send them);
                    the answer to a question appears when you get to it
  Shift+Enter       run the cell where you are and go on

A heading starts a slide. A figure is on one slide, and so is a question with its answer. Exercises,
quizzes, asides and cells tagged `skip-on-slide` are left out, but they run with the others. The
slides fit into a window of 1280 × 720 pixels. On a larger screen, zoom in with Ctrl and +.
"""

import argparse
import shutil
import sys
from pathlib import Path

import installation
import lessons
import nbformat
import slide_deck

SETTINGS = Path(__file__).with_name("slide_settings")
OUT = lessons.ROOT / "build" / "slides"


def write(number, folder=OUT):
    """Write the slides of a notebook into a folder, and return their path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / lessons.path_of(number).name
    nbformat.write(slide_deck.make(lessons.read(number)), path)
    return path


def environment(folder=OUT):
    """Return the variables with which JupyterLab shows slides, and not the learners' settings."""
    settings = folder / "jupyter"
    shutil.copytree(SETTINGS, settings, dirs_exist_ok=True)
    return {
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTERLAB_SETTINGS_DIR": str(settings / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(settings / "workspaces"),
        "NNLIB_PROGRESS": "off",  # what runs in a lecture isn't a learner's work
    }


def main(arguments=None):
    """The command: write the slides, and become JupyterLab."""
    parser = argparse.ArgumentParser(
        prog="start.py slides",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Other arguments go to JupyterLab, such as --no-browser.",
    )
    parser.add_argument(
        "notebook", type=lessons.number, help="its number, such as 04b", metavar="NN"
    )
    parser.add_argument("--only-write", action="store_true", help="don't open the slides")
    options, others = parser.parse_known_args(arguments)
    path = write(options.notebook)
    print(f"Wrote {path}")
    if not options.only_write:
        command = installation.lab_command([str(path), "--custom-css", *others])
        installation.replace_process(command, environment())
    return 0


if __name__ == "__main__":
    sys.exit(main())
