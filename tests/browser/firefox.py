"""A page of Firefox, by WebDriver BiDi: Playwright can't drive the Firefox that Debian has."""

import itertools
import json
import shutil
import subprocess
import time
from contextlib import contextmanager

from websocket import create_connection

FIREFOXES = ("firefox", "firefox-esr")


class Page:
    """What the tests need of a page: `goto`, `evaluate`, `wait`."""

    def __init__(self, port, seconds=40):
        self._numbers, until = itertools.count(1), time.monotonic() + seconds
        while True:
            try:
                self._socket = create_connection(
                    f"ws://127.0.0.1:{port}/session", timeout=seconds, suppress_origin=True
                )
                break
            except OSError:
                assert time.monotonic() < until, "Firefox does not listen"
                time.sleep(0.2)
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]
        viewport = {"width": 1280, "height": 900}
        self._send("browsingContext.setViewport", context=self._context, viewport=viewport)

    def _send(self, method, **params):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def goto(self, url):
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression):
        """Return the value of a JavaScript expression, by way of JSON; promises are awaited."""
        wrapped = f"Promise.resolve({expression}).then(value => JSON.stringify(value ?? null))"
        result = self._send(
            "script.evaluate",
            expression=wrapped,
            target={"context": self._context},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return json.loads(result["result"]["value"])

    def wait(self, expression, seconds=60):
        until = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < until, f"still not: {expression}"
            time.sleep(0.1)

    def close(self):
        self._socket.close()

    def screenshot(self):
        """Return a PNG in base64."""
        return self._send("browsingContext.captureScreenshot", context=self._context)["data"]


@contextmanager
def firefox(profile, port):
    """A page of a fresh, headless Firefox; None if there is no Firefox."""
    path = next(filter(None, map(shutil.which, FIREFOXES)), None)
    if path is None:
        yield None
        return
    command = [path, "--headless", "--no-remote", "--profile", str(profile)]
    command += [f"--remote-debugging-port={port}", "about:blank"]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    page = None
    try:
        page = Page(port)
        yield page
    finally:
        if page is not None:
            page.close()
        browser.terminate()
        browser.wait(timeout=30)
