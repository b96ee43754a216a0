"""The sentences that learners see, read from TOML files, in English or in another language.

A translation is one file for each part of the library, such as `nnlib/checks/texts/de.toml`: lines
"English sentence" = "deutscher Satz", with the same {names} in braces. It is used after
`set_language("de")`, as in the first cell of a translated notebook, or with the environment
variable NNLIB_LANGUAGE=de. A sentence that it lacks stays in English.
"""

import functools
import os
import tomllib
from importlib.resources import files
from typing import Any

LANGUAGE = "NNLIB_LANGUAGE"


def language() -> str:
    """Return the language of the sentences, such as "de"."""
    return os.environ.get(LANGUAGE, "en")


def set_language(language: str) -> None:
    """Read all sentences in a language such as "de" from now on."""
    os.environ[LANGUAGE] = language


def say(package: str, key: str, **values: Any) -> str:
    """Return the sentence `key` in a package's texts/en.toml, translated, with the values in it."""
    return load(package, "texts/en.toml")[key].format(**values)


def load(package: str, name: str) -> dict:
    """Return a TOML file of a package, translated. Empty if there is no such file."""
    return load_in(language(), package, name)


@functools.cache
def load_in(language: str, package: str, name: str) -> dict:
    """Return the content of a TOML file of a package, in a language such as "de"."""
    part = ".".join(package.split(".")[:2])
    return _translated(_content(package, name), _content(part, f"texts/{language}.toml"))


def _content(package: str, name: str) -> dict:
    file = files(package) / name
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _translated(content: Any, sentences: dict[str, str]) -> Any:
    """The content with every text replaced that is a key of `sentences`."""
    if isinstance(content, dict):
        return {key: _translated(value, sentences) for key, value in content.items()}
    if isinstance(content, list):
        return [_translated(value, sentences) for value in content]
    return sentences.get(content, content) if isinstance(content, str) else content
