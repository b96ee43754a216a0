"""Measure what a class needs from a hub: `python teaching/hub/load_test.py --learners 24`.

For each learner this starts a JupyterLab server and a kernel, as a hub does, and drives the kernel
through the server's websocket, as a page does: it shows a playground, plays it, pauses, and then
runs all of notebook 06 in a fresh kernel, with every live figure shown. It prints the memory and
the share of a core for each learner beside the goals; "!" marks a number that misses its goal.

With --hub, it starts a JupyterHub on this computer, and everything goes through its proxy, as in a
class; loopback.py says what that needs. The browser isn't part of it: it is on the learner's
computer. NNLIB_FRAME_BUDGET counts, as it does on the hub.

Run it on the hub's machine, with the Python that the learners get. Nothing else should be running.
Run it twice if the packages were installed by uv: the first run also compiles them.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "browser")]

import installation  # noqa: E402
from labs import free_port, running_lab  # noqa: E402
from loopback import running_hub  # noqa: E402

NOTEBOOK = ROOT / "notebooks" / "06_playground.ipynb"
FRAME_SECONDS = 1 / 60  # a page asks for at most this many pictures
REQUESTS_UNDER_WAY = 1  # as nnlib/live/page/base.js, where answers come soon
SHOW = "from nnlib.live import Playground\nPlayground()"
MOST, LEAST = max, min
ROWS = {  # name: what counts as good, the goal or None, how many decimals
    "MiB, a playground shown": (LEAST, 180, 0),
    "MiB, after all of notebook 06": (LEAST, 220, 0),
    "core, playing": (LEAST, None, 2),
    "core, paused": (LEAST, 0, 2),
    "pictures a second, playing": (MOST, 15, 0),
}


class Learner:
    """A learner with a server (its `.url`, `.token` and `.pid`) and a kernel."""

    def __init__(self, server):
        self.server = server
        self.headers = {"Authorization": f"token {server.token}"}
        self.process = psutil.Process(server.pid)
        self.kernel = None

    def processes(self):
        """Return the server's process and those of its kernels."""
        return [self.process, *self.process.children(recursive=True)]

    def memory(self):
        """Return the MiB (2²⁰ bytes) of the server and the kernel.

        It is the proportional set size where the system knows it (Linux): memory that several
        processes share is divided among them, so the learners add up to what the hub needs.
        """
        found = [process.memory_full_info() for process in self.processes()]
        return sum(getattr(info, "pss", info.uss) for info in found) / 2**20

    def core_seconds(self):
        """Return the seconds of a core that the server and the kernel have used so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes())

    def call(self, method, path, content=None):
        """Call the server's REST interface, and return its answer."""
        url, body = f"{self.server.url}api/{path}", json.dumps(content or {}).encode()
        request = urllib.request.Request(url, body, self.headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    async def start_kernel(self):
        """Start a kernel, instead of the one before, and connect to it."""
        if self.kernel:
            self.socket.close()
            await asyncio.to_thread(self.call, "DELETE", f"kernels/{self.kernel}")
        started = await asyncio.to_thread(
            self.call, "POST", "kernels", {"name": "python3", "path": "notebooks"}
        )
        self.kernel, self.pages, self.replies, self.errors = started["id"], [], {}, {}
        url = f"{self.server.url.replace('http', 'ws', 1)}api/kernels/{self.kernel}/channels"
        request = HTTPRequest(url, headers=self.headers)
        self.socket = await websocket_connect(request, max_message_size=2**27)
        self.listener = asyncio.create_task(self.listen(self.socket))

    async def listen(self, socket):
        """Take what the kernel sends until the socket closes."""
        while (message := await socket.read_message()) is not None:
            binary = isinstance(message, bytes)
            message = deserialize_binary_message(message) if binary else json.loads(message)
            content, kind = message["content"], message["header"]["msg_type"]
            if kind == "comm_open" and "kind" in content["data"].get("state", {}):
                self.pages.append(Page(self, content["comm_id"]))
            elif kind == "comm_msg" and content["data"].get("method") == "custom":
                answer = content["data"]["content"]
                self.settle((content["comm_id"], answer.get("number")), answer)
            elif kind == "error":
                self.errors[message["parent_header"]["msg_id"]] = content
            elif kind == "status" and content["execution_state"] == "idle":
                number = message["parent_header"].get("msg_id")
                self.settle(number, self.errors.pop(number, None))  # after all that it showed

    def settle(self, key, answer):
        """Hand an answer to whoever waits for it."""
        if key in self.replies:
            self.replies.pop(key).set_result(answer)

    async def send(self, kind, content, key=None):
        """Send a message to the kernel, and return its answer: that to `key`, or to the message."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "session": "load", "username": "learner"}
        header |= {"version": "5.3", "date": ""}
        message = {"header": header, "content": content, "channel": "shell", "buffers": []}
        message |= {"parent_header": {}, "metadata": {}}
        reply = self.replies[key or number] = asyncio.get_running_loop().create_future()
        await self.socket.write_message(json.dumps(message))
        return await asyncio.wait_for(reply, 300)

    async def run(self, code):
        """Run a cell; an error in it is an error here."""
        content = {"code": code, "silent": False, "store_history": True}
        content |= {"allow_stdin": False, "stop_on_error": True, "user_expressions": {}}
        if error := await self.send("execute_request", content):
            raise RuntimeError(f"{error['ename']}: {error['evalue']}, in\n{code}")


class Page:
    """The page of one live view: asks for its pictures, as nnlib/live/page/base.js does."""

    def __init__(self, learner, comm):
        self.learner, self.comm, self.name = learner, comm, uuid.uuid4().hex
        self.number = self.pictures = 0
        self.asked = self.next = self.played = 0.0

    async def ask(self, *calls, seconds=0.0, full=False):
        """Send a request, and return the answer."""
        self.number += 1
        request = {"view": self.name, "number": self.number, "seconds": seconds, "full": full}
        request |= {"reduced": True, "set": {}, "do": [[name, {}] for name in calls]}
        data = {"method": "custom", "content": request}
        content = {"comm_id": self.comm, "data": data}
        answer = await self.learner.send("comm_msg", content, (self.comm, self.number))
        if answer.get("error") or answer.get("alert"):
            raise RuntimeError(answer.get("alert") or "no picture")
        return answer

    async def play(self, seconds):
        """Play for so long, then pause; return the pictures a second."""
        await self.ask("play")
        began = self.asked = self.next = self.played = time.monotonic()
        self.pictures = 0
        requests = (self.keep_asking(began + seconds) for _ in range(REQUESTS_UNDER_WAY))
        await asyncio.gather(*requests)
        rate = self.pictures / (time.monotonic() - began)
        answer = await self.ask("play")
        assert not answer["playing"]
        return rate

    async def keep_asking(self, end):
        """Ask for one picture after the other, never more often than a screen shows them."""
        while (now := time.monotonic()) < end:
            self.asked = max(now, self.next, self.asked + FRAME_SECONDS)
            await asyncio.sleep(self.asked - now)
            now = time.monotonic()
            passed, self.played = now - self.played, now
            answer = await self.ask(seconds=passed)
            self.next = time.monotonic() + answer["wait"] / 1000
            self.pictures += 1


async def cores(learners, work):
    """Return the share of a core that each learner uses during some work, and its results."""
    before, began = [learner.core_seconds() for learner in learners], time.monotonic()
    results = await work
    seconds = time.monotonic() - began
    used = [learner.core_seconds() - start for learner, start in zip(learners, before)]
    return [one / seconds for one in used], results


async def run_notebook(learner):
    """Run all of notebook 06 in a fresh kernel, and show every live figure in it."""
    await learner.start_kernel()
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            await learner.run("".join(cell["source"]))
    for page in learner.pages:
        await page.ask(full=True)


async def measure(learners, seconds):
    """Return {row: a number for each learner}.

    A server and its kernel use a little of a core even before anything is shown; what a paused
    playground uses is what comes on top.
    """
    found = {}
    for learner in learners:
        await learner.start_kernel()
    idle, _ = await cores(learners, asyncio.sleep(seconds))
    for learner in learners:
        await learner.run(SHOW)
        await learner.pages[0].ask(full=True)
    found["MiB, a playground shown"] = [learner.memory() for learner in learners]
    playing = asyncio.gather(*(learner.pages[0].play(seconds) for learner in learners))
    found["core, playing"], found["pictures a second, playing"] = await cores(learners, playing)
    await asyncio.sleep(2)
    paused, _ = await cores(learners, asyncio.sleep(seconds))
    found["core, paused"] = [max(0.0, now - before) for now, before in zip(paused, idle)]
    for learner in learners:  # one after the other: the memory is the same, and it is quicker
        await run_notebook(learner)
    found["MiB, after all of notebook 06"] = [learner.memory() for learner in learners]
    return found


def report(found, learners):
    """Return the table: the mean and the worst of the learners, beside the goal."""
    budget = os.environ.get("NNLIB_FRAME_BUDGET", "1")
    lines = [f"{learners} learners, {os.cpu_count()} cores, NNLIB_FRAME_BUDGET={budget}", ""]
    lines += [f"{'for each learner':<32}{'mean':>8}{'worst':>8}   goal"]
    for row, (best, goal, decimals) in ROWS.items():
        worst = (min if best is MOST else max)(found[row])
        missed = goal is not None and best(round(worst, decimals), goal) != round(worst, decimals)
        numbers = f"{statistics.mean(found[row]):8.{decimals}f}{worst:8.{decimals}f}"
        wanted = "" if goal is None else f"{'≥' if best is MOST else '≤'} {goal:.{decimals}f}"
        lines.append(f"{row:<32}{numbers} {'!' if missed else ' '} {wanted}".rstrip())
    return "\n".join(lines)


@contextmanager
def running_servers(folder, learners):
    """A JupyterLab for each learner, without a hub."""
    with ExitStack() as labs:
        servers = []
        for number in range(learners):
            root = Path(folder) / f"learner-{number}" / "work"
            root.mkdir(parents=True)
            lab = running_lab(root, installation, variables={"NNLIB_PROGRESS": "off"})
            servers.append(labs.enter_context(lab))
        yield servers


def hub(folder, learners):
    """A hub with a server for each learner, with the settings of `start.py`."""
    names = [f"learner-{number}" for number in range(learners)]
    environment = installation.environment() | {"NNLIB_PROGRESS": "off"}
    return running_hub(folder, names, [free_port() for _ in range(3)], environment)


def main():
    """Start the learners' servers, measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--learners", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10, help="of playing, and of pausing")
    parser.add_argument("--hub", action="store_true", help="behind a JupyterHub of its own")
    options = parser.parse_args()
    start = hub if options.hub else running_servers
    with tempfile.TemporaryDirectory() as folder, start(folder, options.learners) as servers:
        found = asyncio.run(measure([Learner(server) for server in servers], options.seconds))
    print(report(found, options.learners))


if __name__ == "__main__":
    main()
