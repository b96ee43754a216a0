"""The notebooks and other pages of the course, as the site publishes them."""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from nnlib import texts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
KERNEL = {"name": "python", "display_name": "Python (in the browser)", "language": "python"}
BETWEEN_LANGUAGES = re.compile(r"(?<=\]\()(?:\.\./|(\w\w)/)(?=[\w-]+\.ipynb)")  # a link's folder
STAMP = "nnlib"  # the key in a notebook's metadata; its value tells which version was published


@dataclass(frozen=True)
class Notebook:
    """One notebook of the course."""

    path: Path

    @property
    def name(self):
        """Its name without the ending, as in addresses: 02_forward_pass, or de-02_forward_pass."""
        return self.path.stem if self.language == "en" else f"{self.language}-{self.path.stem}"

    @property
    def file(self):
        """The name of its file on the site, where all notebooks are in one folder."""
        return f"{self.name}.ipynb"

    @property
    def language(self):
        """The language that it is written in: "en", or the name of its folder."""
        folder = self.path.parent.name
        return folder if re.fullmatch("[a-z][a-z]", folder) else "en"

    @property
    def number(self):
        """Its number in the series: "02", or "04b" for a second part; "" for a page beside it."""
        return self.name.partition("_")[0] if self.name[0].isdigit() else ""

    @cached_property
    def content(self):
        """The notebook as stored, a dictionary, with the site's links between languages."""
        text = self.path.read_text(encoding="utf-8")
        text = BETWEEN_LANGUAGES.sub(lambda found: f"{found[1]}-" if found[1] else "", text)
        return json.loads(text)

    @cached_property
    def title(self):
        """Its first heading, without the number: The forward pass."""
        source = "".join(self.content["cells"][0]["source"])
        heading = re.match(r"# (?:\d+\w* · )?(.+)", source)
        if heading is None:
            raise SystemExit(f"{self.path.name} does not begin with a heading")
        return _plain(heading[1])

    @property
    def full_title(self):
        """Its number, if it has one, and its heading: 02 · The forward pass."""
        return f"{self.number} · {self.title}" if self.number else self.title

    @cached_property
    def lead(self):
        """The first paragraph below the heading, as plain text."""
        source = "".join(self.content["cells"][0]["source"])
        paragraphs = [part for part in source.split("\n\n")[1:] if part.strip()]
        return _plain(paragraphs[0]) if paragraphs else ""

    @cached_property
    def minutes(self):
        """How many minutes it takes, as its first cell says; None if it does not."""
        found = re.search(r"(\d+) minutes", "".join(self.content["cells"][0]["source"]))
        return int(found[1]) if found else None

    @cached_property
    def digest(self):
        """A short hash of the published text: another one means that there is a newer version."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:12]

    def for_the_browser(self):
        """Return the notebook's text with the kernel and the stamp of the live pages."""
        metadata = self.content["metadata"] | {"kernelspec": KERNEL}
        metadata[STAMP] = {"published": self.digest}
        cells = [_trusted(cell) for cell in self.content["cells"]]
        return _dumps(self.content | {"metadata": metadata, "cells": cells})

    def for_reading(self, below_the_heading):
        """Return the notebook's text with what Sphinx needs: alt texts, and answers folded.

        `below_the_heading` is Markdown to insert there.
        """
        first, *cells = (self._readable(cell) for cell in self.content["cells"])
        heading, _, rest = "".join(first["source"]).partition("\n")
        cells = [first | {"source": f"{heading}\n{below_the_heading}{rest}"}, *cells]
        return _dumps(self.content | {"cells": cells})

    def _readable(self, cell):
        """Return a cell with the metadata that myst-nb looks at."""
        if cell["cell_type"] != "code":
            return cell
        metadata, settings = cell["metadata"], {}
        alt = [
            output["metadata"]["image/png"]["alt"]
            for output in cell["outputs"]
            if "alt" in output.get("metadata", {}).get("image/png", {})
        ]
        if alt:
            settings["image"] = {"alt": " ".join(alt)}
        tags = metadata.get("tags", [])
        if "answer" in tags or metadata.get("jupyter", {}).get("outputs_hidden"):
            tags = [*tags, "hide-output"]
            settings["code_prompt_show"] = "Your guess first. Then open the answer"
            settings["code_prompt_hide"] = "The answer"
        outputs = [self._still(output) for output in cell["outputs"]]
        metadata = metadata | {"tags": tags, "mystnb": settings}
        return cell | {"metadata": metadata, "outputs": outputs}

    def _still(self, output):
        """Return an output as it is without Python: a prompt as prose, a live view with a link."""
        data = output.get("data", {})
        text, html = ("".join(data.get(kind, "")) for kind in ("text/plain", "text/html"))
        still = texts.load_in(self.language, "nnlib.live", "texts/en.toml")["sentences"][
            "still_hint"
        ]
        prompt = texts.load_in(self.language, "nnlib.quiz", "texts/en.toml")["predict"] + " "
        if still in html:
            html += (
                f'<p class="small"><a href="run/{self.name}.html">▶ Run it here</a> '
                "to play with this picture.</p>"
            )
        elif text.startswith(prompt) and not html:
            html = f"<p><b>{prompt}</b>{escape(text.removeprefix(prompt))}</p>"
        return output | {"data": data | {"text/html": html}} if html else output


def notebooks():
    """Return all notebooks: the series in its order, the pages beside it, and translations."""
    paths = sorted(FOLDER.glob("*.ipynb")) + sorted(FOLDER.glob("[a-z][a-z]/*.ipynb"))
    return [Notebook(path) for path in paths]


def series():
    """Return the notebooks that have a number."""
    return [notebook for notebook in notebooks() if notebook.number]


def _trusted(cell):
    """Return a cell whose stored HTML is shown as it is, colours included: it is the course's."""
    if cell["cell_type"] != "code":
        return cell
    return cell | {"metadata": cell["metadata"] | {"trusted": True}}


def _plain(markdown):
    """Return a paragraph of Markdown as plain text on one line."""
    return re.sub(r"[*`$]|\[([^]]*)\]\([^)]*\)", r"\1", " ".join(markdown.split()))


def _dumps(notebook):
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
