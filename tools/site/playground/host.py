"""Runs in the worker of the playground's page: makes the playground and answers the page."""

import json

from nnlib.live.playground import Playground
from nnlib.live.settings import Settings

playground = Playground()


def open_query(query, playing):
    """Make a playground with the settings in the fragment of an address.

    Return what is wrong with the fragment, or "": then the defaults are used.
    """
    global playground
    problem = ""
    try:
        settings = Settings.from_query(query)
    except (ValueError, TypeError) as error:
        settings, problem = Settings(), f"The address could not be read: {error}"
    playground = Playground(playing=playing, **settings.changed())
    return problem


def answer(request):
    """Answer a request of the page: (JSON, buffers). The JSON also has the fragment for now."""
    content, buffers = playground.answer(json.loads(request))
    try:
        query = playground.settings.to_query()
    except ValueError:  # data that no address can hold
        query = ""
    return json.dumps(content | {"query": query}), list(buffers)
