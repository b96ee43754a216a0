"""Firefox, driven over WebDriver BiDi: Debian's own, without a driver program in between."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from contextlib import contextmanager

from tornado.websocket import websocket_connect

NAMES = "firefox-esr", "firefox"
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    # All other hosts are out of reach: their requests go to a port where nobody listens.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1, localhost",
}


@contextmanager
def running_firefox(profile):
    """A FirefoxPage of a Firefox that has the folder `profile` for itself."""
    program = next(filter(None, map(shutil.which, NAMES)))
    lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", profile]
    command += ["--remote-debugging-port", "0", "about:blank"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        for line in process.stderr:
            if found := re.search(r"BiDi listening on (ws://\S+)", line):
                break
        with FirefoxPage(f"{found[1]}/session") as page:
            yield page
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stderr.close()


class FirefoxPage:
    """A tab, with what the tests use of Playwright's page; `.requests` lists the URLs it asked."""

    def __init__(self, address):
        self.requests, self._replies, self._count = [], {}, 0
        self._loop = asyncio.new_event_loop()
        self._socket = self._await(websocket_connect, address, max_message_size=2**27)

    def __enter__(self):
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["network.beforeRequestSent"])
        tree = self._call("browsingContext.getTree")
        self._top = tree["contexts"][0]["context"]
        return self

    def __exit__(self, *error):
        self._socket.close()
        self._await(asyncio.sleep, 0.1)
        self._loop.close()

    def goto(self, url):
        """Load a page."""
        self._call("browsingContext.navigate", context=self._top, url=url, wait="complete")

    def reload(self):
        """Load the page again."""
        self._call("browsingContext.reload", context=self._top, wait="complete")

    def evaluate(self, function, argument=None, context=None):
        """Call a JavaScript function with an argument, both as JSON has them."""
        code = f"""async () => {{
            const value = await ({function})({json.dumps(argument)});
            return JSON.stringify(value ?? null);
        }}"""
        result = self._call(
            "script.callFunction",
            functionDeclaration=code,
            target={"context": context or self._top},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    def wait_for_function(self, function, timeout=60_000):
        """Wait until a JavaScript function returns something true; `timeout` in milliseconds."""
        until = time.monotonic() + timeout / 1000
        while not self.evaluate(function):
            if time.monotonic() > until:
                raise TimeoutError(function)
            time.sleep(0.2)

    def wait_for_timeout(self, milliseconds):
        """Wait."""
        time.sleep(milliseconds / 1000)

    @property
    def frame(self):
        """The page in the only iframe."""
        (child,) = self._call("browsingContext.getTree", root=self._top)["contexts"][0]["children"]
        return _Frame(self, child["context"])

    def _call(self, method, **params):
        """Send a command and return its result; events that come first are noted."""
        self._count += 1
        message = json.dumps({"id": self._count, "method": method, "params": params})
        self._await(self._socket.write_message, message)
        while True:
            reply = json.loads(self._await(self._socket.read_message))
            if reply.get("method") == "network.beforeRequestSent":
                self.requests.append(reply["params"]["request"]["url"])
            if reply.get("id") == self._count:
                if reply["type"] == "error":
                    raise RuntimeError(f"{method}: {reply['message']}")
                return reply["result"]

    def _await(self, function, *arguments, **options):
        """Call a function of Tornado's inside the event loop, and wait for what it promises."""

        async def wait():
            return await function(*arguments, **options)

        return self._loop.run_until_complete(wait())


class _Frame:
    """A frame of the page, with its `evaluate`."""

    def __init__(self, page, context):
        self.page, self.context = page, context

    def evaluate(self, function, argument=None):
        return self.page.evaluate(function, argument, self.context)
