"""A page with live views in Chromium, without Jupyter: Python answers the page's requests directly.

It is the page that anywidget would show, from the same scripts, so a test can drag and look within
a second or two.
"""

import base64
from contextlib import contextmanager

from nnlib.live.texts import load  # noqa: F401 (the texts are read before the browser starts)
from nnlib.live.widget import page_state, script, style

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live views</title>
<style>body { margin: 0; padding: 8px; background: Canvas; } %s</style></head>
<body %s><main></main></body></html>"""
# A model with the part of anywidget's interface that the page uses.
SHOW = """async ({source, states}) => {
    window.esm ??= (await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})))).default;
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    for (const [n, state] of states) {
        const listeners = {};
        const model = {
            get: (name) => state[name],
            on: (name, call) => { listeners[name] = call; },
            off: () => {},
            send: async (request) => {
                const {content, buffers} = await window.answerRequest(n, request);
                listeners["msg:custom"]?.(content, buffers.map(bytes));
            },
        };
        const el = document.createElement("div");
        document.querySelector("main").append(el);
        window.esm.render({model, el});
    }
}"""


@contextmanager
def stage(browser, *views, width=1280, height=900, dark=False, **options):
    """Yield a page that shows the views; `page.problems` lists the errors of its scripts."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))

    def answer(n, request):
        content, buffers = views[n].answer(request)
        return {"content": content, "buffers": [base64.b64encode(b).decode() for b in buffers]}

    page.expose_function("answerRequest", answer)
    theme = 'data-jp-theme-light="false" style="background:#111"' if dark else ""
    page.set_content(PAGE % (style(), theme))
    states = [[n, page_state(view)] for n, view in enumerate(views)]
    page.evaluate(SHOW, {"source": script(), "states": states})
    try:
        page.wait_for_function(
            "n => document.querySelectorAll('.nn-words:not(:empty)').length == n", arg=len(views)
        )
    except Exception as error:
        raise AssertionError(page.problems + page.locator(".nn-alert").all_inner_texts()) from error
    try:
        yield page
    finally:
        context.close()
