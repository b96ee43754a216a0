"""A page with live views in Chromium, without Jupyter: Python answers the page's requests directly.

It is the page that anywidget would show, from the same scripts, so a test can drag and look within
a second or two.
"""

import base64
from contextlib import contextmanager

from nnlib.live.widget import page_state, script, style

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live views</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; padding: 8px; background: Canvas; } %s</style></head>
<body %s><main></main></body></html>"""
DARK = 'data-jp-theme-light="false" style="background: #111"'
# A model with the part of anywidget's interface that the page uses.
SHOW = """async ({source, states}) => {
    const module = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    const {render} = (await import(module)).default;
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    for (const [n, state] of states) {
        const listeners = {}, el = document.createElement("div");
        const model = {
            get: (name) => state[name],
            on: (name, call) => { listeners[name] = call; },
            off: () => {},
            send: async (request) => {
                const {content, buffers} = await window.answerRequest(n, request);
                listeners["msg:custom"](content, buffers.map((b) => new DataView(bytes(b).buffer)));
            },
        };
        document.querySelector("main").append(el);
        render({model, el});
    }
}"""
READY = "(count) => document.querySelectorAll('.nn-ready').length == count"


@contextmanager
def stage(browser, *views, width=1280, height=900, dark=False, **options):
    """Yield a page that shows the views.

    `page.problems` lists the errors of its scripts, `page.requests` what it asked: (view, request).
    """
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.problems, page.requests = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))

    def answer(n, request):
        page.requests.append((n, request))
        content, buffers = views[n].answer(request)
        return {"content": content, "buffers": [base64.b64encode(b).decode() for b in buffers]}

    try:
        page.expose_function("answerRequest", answer)
        page.set_content(PAGE % (style(), DARK if dark else ""))
        states = [[n, page_state(view)] for n, view in enumerate(views)]
        page.evaluate(SHOW, {"source": script(), "states": states})
        page.wait_for_function(READY, arg=len(views))
        yield page
    finally:
        context.close()
