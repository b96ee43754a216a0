"""The words of the live views, as whole sentences, so that they can be translated.

A translation is the file `de.toml` in this folder; see nnlib/texts.py.
"""

from nnlib import texts


def load() -> dict:
    """Return all texts, in the language of NNLIB_LANGUAGE."""
    files = "texts/en.toml", "texts/explorers.en.toml"
    tables, explorers = (texts.load("nnlib.live", file) for file in files)
    return tables | explorers


def say(key: str, **values) -> str:
    """Return the sentence `key` with the values in it."""
    return load()["sentences"][key].format(**values)


def name_of(value: str) -> str:
    """Return how a name such as "squared_error" is written for people."""
    return load()["names"].get(str(value), str(value).replace("_", " "))
