"""The page that shows a class's progress: one HTML file with bars, for light and dark screens."""

import re
from html import escape

from nnlib import colours

MISTAKES = 30  # that the page shows; mistakes.csv has them all
STYLE = f"""
:root {{ color-scheme: light dark; --ink: {colours.INK}; --page: #fff; --faint: #5b6472;
  --empty: {colours.NEUTRAL}; --full: {colours.POSITIVE}; --warn: {colours.NEGATIVE}; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6e8eb; --page: #16191d; --faint: #a5adb8; --empty: #343a42;
    --full: #58a6e0; --warn: #f08c3a; }} }}
body {{ font: 16px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 90em; margin: 2em auto; padding: 0 1em; }}
h1, h2 {{ font-weight: 600; line-height: 1.2; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; padding: .25em .7em .25em 0; vertical-align: middle; }}
thead th {{ color: var(--faint); font-weight: 500; }}
tbody th {{ font-weight: 500; white-space: nowrap; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; }}
.bar {{ display: inline-block; width: var(--width, 3em); height: .6em; border-radius: .3em;
  background: var(--empty); overflow: hidden; vertical-align: middle; }}
.bar i {{ display: block; height: 100%; background: var(--colour, var(--full)); }}
.faint, .bar + small {{ color: var(--faint); }}
.nowrap {{ white-space: nowrap; }}
.wide {{ --width: 10em; }}
.warn {{ --colour: var(--warn); }}
code {{ font-size: 92%; }}
"""


def page(learners, exercises, mistakes, skipped):
    """Return the HTML of the page.

    `learners`: with `name` and `right`; `exercises`: {notebook: names}; `mistakes`: rows of
    exercise, sentence, learners, times; `skipped`: {file: why}.
    """
    parts = [_learners(learners, exercises), _exercises(learners, exercises)]
    parts.append(_mistakes(mistakes, len(learners)))
    if skipped:
        items = "".join(f"<li>{escape(file)}: {escape(why)}</li>" for file, why in skipped.items())
        parts.append(f"<h2>Files that were skipped</h2><ul>{items}</ul>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The class’s progress'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>The class’s progress</h1>"
        f"{''.join(parts)}</body></html>\n"
    )


def bar(done, count, kind=""):
    """Return a cell with a bar that is as full as `done` of `count`, and these numbers."""
    share = 100 * done / count if count else 0
    return (
        f'<td class="nowrap"><span class="bar {kind}"><i style="width:{share:.0f}%"></i></span> '
        f"<small>{done}/{count}</small></td>"
    )


def _learners(learners, exercises):
    """Who has solved how much of each notebook that anybody has begun."""
    solved = set().union(*(one.right for one in learners))
    begun = {key: names for key, names in exercises.items() if solved & set(names)}
    groups = [[name for names in exercises.values() for name in names], *begun.values()]
    rows = []
    for one in learners:
        wide, *others = [(len(one.right & set(names)), len(names)) for names in groups]
        bars = [bar(*wide, "wide"), *(bar(*other) for other in others)]
        rows.append([f'<th scope="row">{escape(one.name)}</th>', *bars])
    return f"<h2>Learners</h2>{_table(['learner', 'whole course', *begun], rows)}"


def _exercises(learners, exercises):
    """How many have solved each exercise."""
    rows = [
        [
            f'<th scope="row">{escape(name)}</th>',
            escape(notebook),
            bar(sum(name in one.right for one in learners), len(learners), "wide"),
            escape(", ".join(one.name for one in learners if name not in one.right)) or "nobody",
        ]
        for notebook, names in exercises.items()
        for name in names
        if any(name in one.right for one in learners)
    ]
    if not rows:
        return "<h2>Exercises</h2><p>None is solved yet.</p>"
    head = ["exercise", "notebook", "solved by", "not yet by"]
    note = '<p class="faint">Exercises that nobody has solved yet are left out.</p>'
    return f"<h2>Exercises</h2>{note}" + _table(head, rows)


def _mistakes(mistakes, count):
    """The mistakes that the checks named, those that most learners met first."""
    if not mistakes:
        return "<h2>Mistakes met most</h2><p>No check has named one yet.</p>"
    rows = [
        [
            f'<th scope="row">{escape(exercise)}</th>',
            bar(met, count, "wide warn"),
            f'<td class="number">{times}</td>',
            re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(sentence)),
        ]
        for exercise, sentence, met, times in mistakes[:MISTAKES]
    ]
    head = ["exercise", "met by", "times", "what the check said"]
    return f"<h2>Mistakes met most</h2>{_table(head, rows)}"


def _table(head, rows):
    """A table; a cell is HTML, a whole th or td or what is inside a td."""
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    lines = "".join(
        "<tr>"
        + "".join(cell if cell.startswith(("<th", "<td")) else f"<td>{cell}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )
