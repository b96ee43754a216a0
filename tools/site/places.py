"""Where the course runs besides this site: Binder, Codespaces and Colab, with real links."""

import os
import re
import subprocess
from dataclasses import dataclass

from published import ROOT

COLAB_CELL = """\
%pip install -q anywidget
%pip install -q --no-deps "nnlib @ {archive}\""""


@dataclass(frozen=True)
class Place:
    """One place, with its link and, in one line, what is kept and what is lost there."""

    name: str
    url: str
    kept: str


def repository():
    """Return the repository's "owner/name" on GitHub, or None if it has no home there yet.

    GitHub's own variable comes first, then the remote called origin.
    """
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return name
    command = ["git", "-C", ROOT, "remote", "get-url", "origin"]
    try:
        url = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:  # there is no git
        return None
    found = re.search(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", url)
    return found[1] if found else None


def places(repo, notebook):
    """Return the Places that open `notebook` (its file name) of the repository `repo`."""
    path = f"notebooks/{notebook}"
    return [
        Place(
            "Binder",
            f"https://mybinder.org/v2/gh/{repo}/HEAD?urlpath=lab/tree/{path}",
            "nothing: the session ends after ten idle minutes; download what you want to keep",
        ),
        Place(
            "GitHub Codespaces",
            f"https://codespaces.new/{repo}",
            "everything, until you delete the codespace (unused ones go after 30 days); needs an "
            "account, which has some free hours a month",
        ),
        Place(
            "Google Colab",
            f"https://colab.research.google.com/github/{repo}/blob/HEAD/{path}",
            "notebooks that you save to your Drive; your progress is lost with the session; needs "
            "an account, and the first cell below",
        ),
    ]


def colab_cell(repo):
    """Return the first cell to run on Colab: it brings nnlib and leaves Colab's packages alone."""
    return COLAB_CELL.format(archive=f"https://github.com/{repo}/archive/HEAD.zip")
