"""The words of the live views, as whole sentences in `*.en.toml`, so that they can be translated.

A translation is a file beside each with the same keys, such as `explorers.de.toml`; what it lacks
stays in English. The environment variable NNLIB_LANGUAGE chooses one.
"""

import os
import tomllib
from functools import cache
from importlib.resources import files


@cache
def load(language: str | None = None) -> dict:
    """Return all texts in a language, the one in NNLIB_LANGUAGE by default."""
    language, texts = language or os.environ.get("NNLIB_LANGUAGE", "en"), {}
    for name in ("en.toml", "explorers.en.toml", f"{language}.toml", f"explorers.{language}.toml"):
        file = files(__name__).joinpath(name)
        if file.is_file():
            _update(texts, tomllib.loads(file.read_text(encoding="utf-8")))
    return texts


def say(key: str, **values) -> str:
    """Return the sentence `key` with the values in it."""
    return load()["sentences"][key].format(**values)


def name_of(value: str) -> str:
    """Return how a name such as "squared_error" is written for people."""
    return load()["names"].get(str(value), str(value).replace("_", " "))


def _update(texts, translation):
    for key, value in translation.items():
        if isinstance(value, dict) and isinstance(texts.get(key), dict):
            _update(texts[key], value)
        else:
            texts[key] = value
