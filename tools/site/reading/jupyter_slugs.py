"""Anchors of headings as JupyterLab writes them, so that a link works there and on the site."""


def slug(heading):
    """Return the anchor of a heading: `The cost J` → `The-cost-J`."""
    return heading.replace(" ", "-")
